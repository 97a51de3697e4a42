# Installs playcookie for this user: the program, and where it is to be found.
#
#   .\install.ps1 [-Version VERSION] [-Prefix FOLDER] [-Url URL]
#
# It needs no administrator, and installs nothing whose SHA-256 is not the published one.
param(
  [string]$Version = 'latest',
  [string]$Prefix = (Join-Path $env:LOCALAPPDATA 'Programs\playcookie'),
  [string]$Url = 'https://github.com/playcookie/playcookie/releases'
)
$ErrorActionPreference = 'Stop'
# The progress display makes downloads of Windows PowerShell many times slower.
$ProgressPreference = 'SilentlyContinue'
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12

$target = 'x86_64-pc-windows-msvc'
$place = if ($Version -eq 'latest') { "$Url/latest/download" } else { "$Url/download/v$($Version.TrimStart('v'))" }
$temporary = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
New-Item -ItemType Directory -Path $temporary | Out-Null
try {
  $sums = Join-Path $temporary 'SHA256SUMS'
  Invoke-WebRequest -UseBasicParsing -Uri "$place/SHA256SUMS" -OutFile $sums
  $pattern = "^([0-9a-f]{64}) [ *](playcookie-[0-9A-Za-z.+-]+-$([regex]::Escape($target))\.zip)$"
  $found = @(Get-Content $sums | Where-Object { $_ -match $pattern })
  if ($found.Count -ne 1) { throw "the release has no archive for $target" }
  $null = $found[0] -match $pattern
  $published, $name = $Matches[1], $Matches[2]

  $archive = Join-Path $temporary $name
  Invoke-WebRequest -UseBasicParsing -Uri "$place/$name" -OutFile $archive
  if ((Get-FileHash -Algorithm SHA256 $archive).Hash -ne $published) {
    throw "$name does not have the published SHA-256: nothing was installed"
  }
  Expand-Archive -Path $archive -DestinationPath $temporary
  $from = Join-Path $temporary ($name -replace '\.zip$', '')

  New-Item -ItemType Directory -Force -Path $Prefix | Out-Null
  Copy-Item -Force (Join-Path $from 'completions\_playcookie.ps1') $Prefix
  Copy-Item -Force (Join-Path $from 'playcookie.exe') $Prefix
} finally {
  Remove-Item -Recurse -Force $temporary
}

$path = [Environment]::GetEnvironmentVariable('Path', 'User')
if (($path -split ';') -notcontains $Prefix) {
  [Environment]::SetEnvironmentVariable('Path', (@($path, $Prefix) | Where-Object { $_ }) -join ';', 'User')
  Write-Output "$Prefix is on the PATH of new terminals"
}
Write-Output "playcookie is installed in $Prefix"
Write-Output "completion: add `". '$Prefix\_playcookie.ps1'`" to your `$PROFILE"
Write-Output 'try it: playcookie rehearse ttr'
