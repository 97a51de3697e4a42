#compdef playcookie
_playcookie() {
    local -a typed=("${(@Q)words[1,CURRENT-1]}" "${(Q)PREFIX}") found files=() others=()
    found=("${(@f)$(_CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX=$((CURRENT - 1)) VARIABLE=zsh playcookie -- "${typed[@]}" 2>/dev/null)}")
    local it home
    # The shell would quote the "~" of a candidate.
    compset -P '\~/' && home='~/'
    for it in "${(@)found:#}"; do
        it=${it#$home}
        # No space follows a folder.
        if [[ ${it%%:*} == */ ]]; then files+=("$it"); else others+=("$it"); fi
    done
    (($#files)) && _describe -V folder files -S ''
    (($#others)) && _describe -V value others
}
# The file is sourced, or the shell reads it when it completes for the first time.
if [[ $funcstack[1] == _playcookie ]]; then _playcookie "$@"; else compdef _playcookie playcookie; fi
