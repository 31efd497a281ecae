# Counts the tests of a suite's output, whoever ran them, and prints
# "passed failed".  Only closing lines count: those of cmocka, of Node's runner
# (either of its reporters) and of our own shell tests.
/^\[ +PASSED +\] [0-9]+ test/ { passed += number_in($0) }
/^\[ +FAILED +\] [0-9]+ test/ { failed += number_in($0) }
/^(#|ℹ) pass [0-9]+$/ { passed += $3 }
/^(#|ℹ) (fail|cancelled) [0-9]+$/ { failed += $3 }
/^[0-9]+ passed, [0-9]+ failed$/ { passed += $1; failed += $3 }

END { print passed + 0, failed + 0 }

function number_in(line) {
	match(line, /[0-9]+/)
	return substr(line, RSTART, RLENGTH)
}
