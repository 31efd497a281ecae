# Unit tests: one cmocka program for each tests/unit/test_*.c.  They link an
# archive, so that each takes only the objects that it tests and --wrap reaches
# into them.

UNIT_SOURCES := $(wildcard tests/unit/test_*.c)
UNIT_PROGRAMS := $(UNIT_SOURCES:%.c=$(BUILD)/%)
UNIT_ARCHIVE := $(BUILD)/tests/unit/libteamdues.a

.PHONY: test-unit

$(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/unit/*.c)): | deps-test

$(UNIT_ARCHIVE): $(LIB_OBJECTS) $(BUILD)/sql_files.o
	@mkdir -p $(@D)
	rm -f $@ && $(AR) rcs $@ $^

# Every call here may be told to fail: tests/unit/test_no_memory.c.
comma := ,
$(BUILD)/tests/unit/test_no_memory: UNIT_LDFLAGS := $(addprefix \
	-Wl$(comma)--wrap=,malloc realloc json_object_new_object \
	json_object_new_string json_object_object_add EVP_MAC_fetch \
	EVP_MAC_CTX_new EVP_MAC_init)
$(BUILD)/tests/unit/test_answer_no_memory: UNIT_LDFLAGS := \
	-Wl,--wrap=realloc

# And here calls are counted.
$(BUILD)/tests/unit/test_json_names: UNIT_LDFLAGS := $(addprefix \
	-Wl$(comma)--wrap=,memcmp json_next_byte)

# These drive lib/stripe before a scripted server.
UNIT_FIXTURES := $(addprefix $(BUILD)/tests/unit/,scripted_server.o \
	stripe_fixture.o)
$(filter $(BUILD)/tests/unit/test_stripe_%,$(UNIT_PROGRAMS)): $(UNIT_FIXTURES)

# And these send to tests/smtp-catcher, one of them without much patience.
$(addprefix $(BUILD)/tests/unit/,test_smtp test_smtp_patience): \
	$(BUILD)/tests/unit/catcher.o
$(BUILD)/tests/unit/test_smtp_patience: UNIT_LDFLAGS := \
	-Wl,--wrap=smtp_patience_ms

$(UNIT_PROGRAMS): %: %.o $(UNIT_ARCHIVE)
	$(CC) $(ALL_LDFLAGS) $(UNIT_LDFLAGS) -pie -o $@ $(filter %.o,$^) \
		$(UNIT_ARCHIVE) \
		$(LIBS) -lcmocka

# All of them run, whichever fail.
test-unit: $(UNIT_PROGRAMS) ## run the unit tests
	@failed=; for program in $^; do $$program || failed=1; done; \
		[ -z "$$failed" ]

-include $(UNIT_SOURCES:%.c=$(BUILD)/%.d) $(UNIT_FIXTURES:.o=.d) \
	$(BUILD)/tests/unit/catcher.d
