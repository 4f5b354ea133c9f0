#!/bin/sh
# Installs dutyroom from this folder; needs Python and nothing else: no internet, no pip, no compiler.
# 从本目录安装 dutyroom；只需要 Python，不需要外网、pip 或编译器。
#
#   sh install.sh [--to DIR] [--link DIR] [--python PROGRAM]
set -eu
umask 022
here=$(cd "$(dirname "$0")" && pwd)
version=@VERSION@
pythons="@PYTHONS@"
machine=@MACHINE@

case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in zh*) chinese=1 ;; *) chinese= ;; esac
say() { if [ -n "$chinese" ]; then printf '%s\n' "$2"; else printf '%s\n' "$1"; fi; }
refuse() { say "$1" "$2" >&2; exit 1; }

if [ "$(id -u)" = 0 ]; then
    to=/opt/dutyroom link=/usr/local/bin
else
    to=${HOME:?}/.local/lib/dutyroom link=$HOME/.local/bin
fi
python=
usage() {
    say "usage: sh install.sh [--to DIR] [--link DIR] [--python PROGRAM]
  --to DIR          where the program goes ($to)
  --link DIR        where the command dutyroom is linked ($link)
  --python PROGRAM  the Python to use ($pythons)" \
        "用法：sh install.sh [--to 目录] [--link 目录] [--python 程序]
  --to 目录      程序安装到哪里（$to）
  --link 目录    命令 dutyroom 链接到哪里（$link）
  --python 程序  使用哪个 Python（$pythons）"
}
while [ $# -gt 0 ]; do
    case "$1" in
        -h | --help) usage; exit 0 ;;
        --to | --link | --python)
            [ $# -ge 2 ] || { usage >&2; exit 2; }
            case "$1" in --to) to=$2 ;; --link) link=$2 ;; --python) python=$2 ;; esac
            shift 2 ;;
        *) usage >&2; exit 2 ;;
    esac
done
case "$to" in /*) ;; *) to=$(pwd)/$to ;; esac
case "$link" in /*) ;; *) link=$(pwd)/$link ;; esac

# Before anything runs from here: are these the files that were packed?
(cd "$here" && sha256sum --check --quiet --strict SHA256SUMS) >&2 || refuse \
    "A file of this bundle is not as it was packed: copy the bundle again. Nothing was installed." \
    "安装包中有文件与打包时不一致：请重新拷贝安装包。未安装任何内容。"

[ "$(uname -m)" = "$machine" ] || refuse \
    "This bundle is for $machine; this machine is $(uname -m)." \
    "此安装包适用于 $machine，本机是 $(uname -m)。"

version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo none; }
fits() { case " $pythons " in *" $(version_of "$1") "*) return 0 ;; *) return 1 ;; esac; }
if [ -n "$python" ]; then
    fits "$python" || refuse \
        "$python is Python $(version_of "$python"); this bundle is for: $pythons." \
        "$python 的版本是 $(version_of "$python")；此安装包适用于 Python：$pythons。"
else
    for name in python3 $(for one in $pythons; do echo "python$one"; done); do
        if command -v "$name" >/dev/null 2>&1 && fits "$name"; then
            python=$(command -v "$name")
            break
        fi
    done
    [ -n "$python" ] || refuse \
        "There is no Python of version $pythons here: install one from the system's own packages, or name it with --python." \
        "未找到版本为 $pythons 的 Python：请用系统软件包安装，或用 --python 指定。"
fi

if [ -e "$link/dutyroom" ] && [ ! -L "$link/dutyroom" ]; then
    refuse "$link/dutyroom exists and is no link: move it away, then run this again." \
        "$link/dutyroom 已存在且不是链接：请先移走，再重新运行。"
fi

# One folder for each bundle: an upgrade that fails leaves what works untouched, and the old one can be linked again.
packed=$(sha256sum "$here/SHA256SUMS" | cut -c1-8)
place=$to/$version-$packed
if [ ! -e "$place/complete" ]; then
    rm -rf "$place"
    mkdir -p "$to"
    say "Installing dutyroom $version into $place ..." "正在安装 dutyroom $version 到 $place ..."
    "$python" -m venv --without-pip "$place"
    # The index, its proxies and a user's own settings of pip have no say here.
    env PIP_CONFIG_FILE=/dev/null "$place/bin/python" -I "$(ls "$here"/wheels/pip-*.whl)/pip" \
        --quiet --isolated --disable-pip-version-check --no-cache-dir --no-input \
        install --no-index --find-links "$here/wheels" --only-binary :all: --no-deps --require-hashes \
        -r "$here/requirements.txt" || {
        rm -rf "$place"
        refuse "Nothing was installed." "未安装任何内容。"
    }
    "$place/bin/dutyroom" --version >/dev/null
    mkdir -p "$place/share"
    cp -R "$here/systemd" "$here/licences" "$here/README.md" "$place/share/"
    if [ -d "$here/docs" ]; then cp -R "$here/docs" "$here/README.zh-CN.md" "$place/share/"; fi
    : >"$place/complete"
fi

mkdir -p "$link"
ln -sfn "$place" "$to/current"
ln -sfn "$to/current/bin/dutyroom" "$link/dutyroom"

say "$("$link/dutyroom" --version) is installed: $link/dutyroom" "$("$link/dutyroom" --version) 已安装：$link/dutyroom"
case ":$PATH:" in
    *":$link:"*) ;;
    *) say "$link is not in your PATH: sign in again, or add it." "$link 不在 PATH 中：请重新登录，或将其加入 PATH。" ;;
esac
say "Next:  dutyroom demo   a simulated room
       dutyroom init   your own room
Manual: $to/current/share/docs" \
    "下一步：dutyroom demo   模拟机房
        dutyroom init   建立自己的机房
手册：$to/current/share/docs"
