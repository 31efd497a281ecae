# teamdues: `make help` lists the targets.

BUILD := build
CC ?= cc
PKGS := libpq libcurl openssl json-c fcgi

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 \
	-Wformat-signedness -Wmissing-prototypes -Wstrict-prototypes \
	-Wwrite-strings -Wcast-qual -Wvla -Wundef -Wnull-dereference \
	-Wimplicit-fallthrough -Werror
HARDENING := -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
	-fstack-clash-protection
CFLAGS ?= -O2 -g
ALL_CPPFLAGS := -std=c17 -D_POSIX_C_SOURCE=200809L -Ilib $(CPPFLAGS) \
	$(shell pkg-config --cflags $(PKGS) 2>/dev/null)
ALL_CFLAGS := $(WARNINGS) $(HARDENING) -pthread -fPIC $(CFLAGS)
ALL_LDFLAGS := -pthread -Wl,-z,relro,-z,now -Wl,--as-needed $(LDFLAGS)
LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null)

LIB_SOURCES := $(wildcard lib/*/*.c)
LIB_OBJECTS := $(LIB_SOURCES:%.c=$(BUILD)/%.o)
PROGRAM_SOURCES := $(wildcard cgi-bin/*.c cgi-bin/*/*.c)
PROGRAMS := $(PROGRAM_SOURCES:%.c=$(BUILD)/%)
COMMAND_SOURCES := $(wildcard runbook/*.c runbook/command/*.c)
COMMAND_OBJECTS := $(COMMAND_SOURCES:%.c=$(BUILD)/%.o)
SQL_FILES := $(sort $(wildcard sql/migrations/*.sql sql/functions/*.sql sql/*.sql))

.PHONY: all clean help
.DEFAULT_GOAL := all

all: $(BUILD)/libteamdues.so $(PROGRAMS) $(BUILD)/teamdues ## build everything

$(BUILD)/libteamdues.so: $(LIB_OBJECTS) $(BUILD)/sql_files.o
	$(CC) -shared $(ALL_LDFLAGS) -Wl,--no-undefined -o $@ $^ $(LIBS)

$(BUILD)/cgi-bin/%: $(BUILD)/cgi-bin/%.o $(BUILD)/libteamdues.so
	$(CC) $(ALL_LDFLAGS) -pie -o $@ $< $(BUILD)/libteamdues.so $(LIBS) \
		-Wl,-rpath,'$$ORIGIN/$(if $(findstring /,$*),../..,..)'

$(BUILD)/teamdues: $(COMMAND_OBJECTS) $(BUILD)/libteamdues.so
	$(CC) $(ALL_LDFLAGS) -pie -o $@ $(COMMAND_OBJECTS) \
		$(BUILD)/libteamdues.so $(LIBS) -Wl,-rpath,'$$ORIGIN'

# The binaries carry the SQL that they were built with: `teamdues migrate` and
# the schema version of /healthz cannot differ from the programs.
$(BUILD)/sql_files.c: sql/embed.awk $(SQL_FILES)
	@mkdir -p $(@D)
	LC_ALL=C awk -f sql/embed.awk $(SQL_FILES) > $@.new && mv $@.new $@

$(BUILD)/sql_files.o: $(BUILD)/sql_files.c
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -Wno-overlength-strings -c -o $@ $<

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

-include $(LIB_OBJECTS:.o=.d) $(COMMAND_OBJECTS:.o=.d) \
	$(PROGRAM_SOURCES:%.c=$(BUILD)/%.d)

clean: ## remove what was built
	rm -rf $(BUILD)

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile
