# make bench: how fast, beside what the machine could do.  BENCH chooses: quick
# for a look, or parts by name (tests/bench/bench.js).
BENCH_PROGRAMS := $(addprefix $(BUILD)/tests/bench/,load/load null)
BENCH_LOAD := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/bench/load/*.c))

$(BUILD)/tests/bench/load/load: $(BENCH_LOAD)
	$(Q)$(CC) $(ALL_LDFLAGS) -pie -o $@ $^ -lssl -lcrypto

$(BUILD)/tests/bench/null: $(BUILD)/tests/bench/null.o
	$(Q)$(CC) $(ALL_LDFLAGS) -pie -o $@ $^ -lfcgi

.PHONY: bench bench-programs
bench-programs: $(BENCH_PROGRAMS) ## build what measures

bench: all bench-programs deps-bench ## measure; BENCH=quick for a look, or parts
	@node tests/bench/bench.js $(BENCH)

-include $(BENCH_LOAD:.o=.d) $(BUILD)/tests/bench/null.d
