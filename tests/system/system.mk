# Each tests/system/test_*.c is a cmocka program that is run beside a stack of
# its own (tests/stack/with-stack.sh); the other files are linked into all.
SYSTEM_TESTS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/system/test_*.c))
SYSTEM_SHARED := $(patsubst %.c,$(BUILD)/%.o,\
	$(filter-out tests/system/test_%,$(wildcard tests/system/*.c)))

$(BUILD)/tests/system/test_%: $(BUILD)/tests/system/test_%.o \
		$(SYSTEM_SHARED) $(BUILD)/libteamdues.so
	$(CC) $(ALL_LDFLAGS) -o $@ $< $(SYSTEM_SHARED) \
		$(BUILD)/libteamdues.so -lcmocka $(LIBS) \
		-Wl,-rpath,'$$ORIGIN/../..'

.SECONDARY: $(SYSTEM_TESTS:=.o) $(SYSTEM_SHARED)
-include $(SYSTEM_TESTS:=.d) $(SYSTEM_SHARED:.o=.d)
