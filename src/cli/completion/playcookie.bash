_playcookie() {
    # Bash splits words at "=", ":" and "@" too. Parts that no space separates are one word.
    local line=${COMP_LINE:0:COMP_POINT} words=() blank part last i
    for ((i = 0; i <= COMP_CWORD; i++)); do
        part=${COMP_WORDS[i]}
        blank=${line%%[![:space:]]*}
        line=${line#"$blank"}
        [[ $line == "$part"* ]] || part=$line
        line=${line#"$part"}
        if [[ -n $blank || $i -eq 0 ]]; then
            words+=("$part")
        else
            words[${#words[@]} - 1]+=$part
        fi
    done
    last=$((${#words[@]} - 1))
    # Bash replaces only the part behind the last split.
    local kept=${words[last]%"$2"}
    COMPREPLY=()
    while IFS= read -r part || [[ -n $part ]]; do
        part=${part#"$kept"}
        # Within quotes, nothing is escaped; elsewhere, all but the "~" of a folder.
        if [[ ${words[last]} != [\"\']* ]]; then
            printf -v part %q "$part"
            [[ $part == \\~* ]] && part=${part:1}
        fi
        COMPREPLY+=("$part")
    done < <(_CLAP_COMPLETE_INDEX=$last VARIABLE=bash playcookie -- "${words[@]}" 2>/dev/null)
    if [[ ${#COMPREPLY[@]} -eq 1 && $COMPREPLY == */ ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -F _playcookie playcookie
