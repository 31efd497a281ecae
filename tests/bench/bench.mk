# The programs that measure; club-test.sh holds them to their word.
BENCH_PROGRAMS := $(BUILD)/tests/bench/load/load
BENCH_LOAD := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/bench/load/*.c))

$(BUILD)/tests/bench/load/load: $(BENCH_LOAD)
	$(Q)$(CC) $(ALL_LDFLAGS) -pie -o $@ $^ -lssl -lcrypto

.PHONY: bench-programs
bench-programs: $(BENCH_PROGRAMS)

-include $(BENCH_LOAD:.o=.d)
