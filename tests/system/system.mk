# Each tests/system/test_*.c is a cmocka program that is run beside a stack of
# its own (tests/stack/with-stack.sh); the other files are linked into all.
SYSTEM_TESTS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/system/test_*.c))
SYSTEM_SHARED := $(patsubst %.c,$(BUILD)/%.o,\
	$(filter-out tests/system/test_%,$(wildcard tests/system/*.c)) \
	tests/unit/catcher.c)

# What tests preload into a program.
SYSTEM_PRELOADS := $(patsubst %.c,$(BUILD)/%.so,\
	$(wildcard tests/system/preload/*.c))

$(SYSTEM_PRELOADS): %.so: %.o
	$(Q)$(CC) -shared $(ALL_LDFLAGS) -o $@ $<

$(addprefix $(BUILD)/tests/system/test_,gateways told): | $(SYSTEM_PRELOADS)

.PHONY: test-system

$(SYSTEM_SHARED) $(SYSTEM_TESTS:=.o): | deps-test

$(BUILD)/tests/system/test_%: $(BUILD)/tests/system/test_%.o \
		$(SYSTEM_SHARED) $(BUILD)/libteamdues.so
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $< $(SYSTEM_SHARED) \
		$(BUILD)/libteamdues.so -lcmocka $(LIBS) \
		-Wl,-rpath,'$$ORIGIN/../..'

# Only these, one after the other, each beside a stack of its own.
test-system: all $(SYSTEM_TESTS) ## run the system tests
	@failed=; for test in $(SYSTEM_TESTS); do \
		tests/stack/with-stack.sh system-$${test##*/} $$test \
			|| failed=1; \
	done; [ -z "$$failed" ]

# The same tests for long: their figures grow by these settings.
SOAK := TEAMDUES_HISTORIES=$${TEAMDUES_HISTORIES:-10000} \
	TEAMDUES_STREAMS=$${TEAMDUES_STREAMS:-1000} \
	TEAMDUES_CONCURRENT_S=$${TEAMDUES_CONCURRENT_S:-60} \
	TEAMDUES_CHAOS_ORDERS=$${TEAMDUES_CHAOS_ORDERS:-1000} \
	TEAMDUES_FAMILIES=$${TEAMDUES_FAMILIES:-1000} \
	TEAMDUES_REFUNDS=$${TEAMDUES_REFUNDS:-200}
SOAK_TESTS := $(addprefix $(BUILD)/tests/system/test_,property equivalence \
	concurrent chaos once_random clerk)

.SECONDARY: $(SYSTEM_TESTS:=.o) $(SYSTEM_SHARED)
-include $(SYSTEM_TESTS:=.d) $(SYSTEM_SHARED:.o=.d)
