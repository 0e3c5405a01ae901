#!/bin/sh
# Checks gradients and ports with Touchstone, and says where they are wrong: as text, and
# on GitHub also as annotations of the source. README.md, beside it, is the recipe.
#
#   check.sh test [PACKAGE...]             go test, of tests that call gradcheck or Judge
#   check.sh verify SOURCE CLAIM.json...   touchstone verify, of claims that SOURCE wrote
#
# The exit code is 0 if all is right, 1 if something is not, 2 if it could not be tried.
# TOUCHSTONE is the checkout of Touchstone, if this file is not in it. Needs Go and awk.
set -u
touchstone=${TOUCHSTONE:-$(dirname "$0")/../..}
top=${GITHUB_WORKSPACE:-$PWD} # annotations name files from there
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT

usage() {
	echo "usage: $0 test [PACKAGE...] | verify SOURCE CLAIM.json..." >&2
	exit 2
}

on_github() { [ "${GITHUB_ACTIONS:-}" = true ]; }

# A line of the log that GitHub shows at a line of the source.
annotate='
	function message(s) { gsub(/%/, "%25", s); gsub(/\r/, "%0D", s); gsub(/\n/, "%0A", s); return s }
	function property(s) { s = message(s); gsub(/:/, "%3A", s); gsub(/,/, "%2C", s); return s }
	function annotate(title, path, line, text) {
		if (index(path, top "/") == 1) path = substr(path, length(top) + 2)
		if (path != "") path = "file=" property(path) ","
		if (line != "") line = "line=" line ","
		print "::error " path line "title=" property(title) "::" message(text)
	}'

# annotate_tests reads what go test prints: the messages of tests, which name files of
# their package, whose name comes last; and those of the compiler, which name paths.
annotate_tests() {
	awk -v top="$top" -v here="$PWD" -v packages="$dir/packages" "$annotate"'
		BEGIN {
			FS = "\t"
			while ((getline < packages) > 0) directory[$1] = $2
		}
		/^FAIL\t/ {
			split($2, name, " ") # "neuron [build failed]"
			for (i = 1; i <= n; i++) annotate("go test", directory[name[1]] "/" file[i], line[i], text[i])
			if (n + refused == 0) annotate("go test", "", "", name[1] " fails, and the log says why")
			n = refused = open = 0
			next
		}
		/^(vet: )?[^ :]+\.go:[0-9]+:[0-9]+: / {
			sub(/^(vet: )?(\.\/)?/, "")
			split($0, at, ":")
			annotate("go test", here "/" at[1], at[2], substr($0, index($0, ": ") + 2))
			refused++
			next
		}
		/^ +[^ :]+\.go:[0-9]+: / {
			indent = match($0, /[^ ]/) - 1
			split(substr($0, indent + 1), at, ":")
			file[++n] = at[1]
			line[n] = at[2]
			text[n] = substr($0, index($0, ": ") + 2)
			open = 1
			next
		}
		open && (/^ *$/ || match($0, /[^ ]/) > indent + 4) { # the message goes on
			text[n] = text[n] "\n" substr($0, indent + 5)
			next
		}
		{ open = 0 }' "$1"
}

run_tests() { # packages
	go list -f '{{.ImportPath}}{{"\t"}}{{.Dir}}' "$@" >"$dir/packages" || exit 2
	go test "$@" >"$dir/out" 2>&1
	status=$?
	cat "$dir/out"
	if [ $status != 0 ]; then
		! on_github || annotate_tests "$dir/out"
		exit 1
	fi
	if ! grep '^ok' "$dir/out" | grep -qv 'no tests to run'; then
		echo "$0: no test was run" >&2
		exit 1
	fi
}

verify() { # source, claims
	case $1 in
	/*) path=$1 ;;
	*) path=$PWD/$1 ;;
	esac
	shift
	# Neither the workspace nor the flags of what is checked are meant for Touchstone.
	(cd "$touchstone" && GOFLAGS='' GOWORK=off go build -o "$dir/touchstone" ./cmd/touchstone) || exit 2
	worst=0
	for claim; do
		"$dir/touchstone" verify "$claim" >"$dir/out" 2>&1
		status=$?
		cat "$dir/out"
		[ $status != 0 ] || continue
		[ $status = 1 ] || status=2
		[ $status -le $worst ] || worst=$status
		on_github || continue
		sed -n '1p; /^first difference: /p; /^likely cause: /p' "$dir/out" |
			awk -v top="$top" -v claim="$claim" -v path="$path" "$annotate"'
				{ text = text (NR > 1 ? "\n" : "") $0 }
				END { annotate(claim, path, "", text) }'
	done
	exit $worst
}

[ $# != 0 ] || usage
mode=$1
shift
case $mode in
test) run_tests "$@" ;;
verify) [ $# -ge 2 ] || usage; verify "$@" ;;
*) usage ;;
esac
