# lib.sh - what the scripts share; read with ".", never run.
#
# Leaves the shell in the top of the tree.

top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
cd "$top" || exit 1

say() {
	printf '%s\n' "$*"
}

die() {
	printf '%s: %s\n' "$(basename "$0")" "$*" >&2
	exit 1
}

# packages PURPOSE...: the names that scripts/packages has for them.
packages() {
	for purpose; do
		awk -v purpose="$purpose" '$1 == purpose { print $2 }' \
		    scripts/packages
	done
}

# root COMMAND...: run it as root, by sudo where we are not.
root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		return 127
	fi
}

# quietly COMMAND...: show what it says only if it fails.
quietly() {
	quietly_log=$(mktemp) || return 1
	if "$@" >"$quietly_log" 2>&1; then
		rm -f "$quietly_log"
		return 0
	fi
	cat "$quietly_log" >&2
	rm -f "$quietly_log"
	return 1
}

# build DIR OPTION...: set DIR up with Meson's OPTIONs, and compile.
build() {
	build_dir=$1
	shift
	if [ -f "$build_dir/build.ninja" ]; then
		quietly meson configure "$build_dir" "$@" || return 1
	else
		quietly meson setup "$build_dir" "$@" || return 1
	fi
	quietly meson compile -C "$build_dir"
}
