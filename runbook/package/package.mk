# Installing, with GNU's names for the places.  DESTDIR goes in front of each
# and is compiled into nothing.
PREFIX ?= /usr/local
prefix ?= $(PREFIX)
exec_prefix ?= $(prefix)
bindir ?= $(exec_prefix)/bin
libdir ?= $(exec_prefix)/lib
libexecdir ?= $(exec_prefix)/libexec
datarootdir ?= $(prefix)/share
datadir ?= $(datarootdir)
mandir ?= $(datarootdir)/man
docdir ?= $(datarootdir)/doc/teamdues
completionsdir ?= $(datarootdir)/bash-completion/completions
unitdir ?= $(prefix)/lib/systemd/system

INSTALL ?= install
INSTALL_PROGRAM ?= $(INSTALL) -m 755
INSTALL_DATA ?= $(INSTALL) -m 644

# Nobody else uses the library: its folder is in no linker's path, and what is
# installed looks for it there and nowhere else.
PRIVATE_LIBDIR = $(libdir)/teamdues
PROGRAM_DIR = $(libexecdir)/teamdues
DATA_DIR = $(datadir)/teamdues

TO_INSTALL := $(BUILD)/package
PROGRAM_NAMES := $(PROGRAM_SOURCES:cgi-bin/%.c=%)
SCRIPT_NAMES := backup each rotate setup verify
SCRIPT_PARTS := club site trial
INSTALLED_PROGRAMS := $(PROGRAM_NAMES:%=$(TO_INSTALL)/cgi-bin/%)

.PHONY: install install-strip install-programs install-nginx install-units \
	install-scripts install-manual install-completion install-monitoring \
	uninstall deb package-test always

# What was linked for another place is linked anew.
$(TO_INSTALL)/place: always
	@mkdir -p $(@D)
	@echo '$(PRIVATE_LIBDIR) $(PROGRAM_DIR)' | cmp -s - $@ || \
		echo '$(PRIVATE_LIBDIR) $(PROGRAM_DIR)' >$@

$(TO_INSTALL)/cgi-bin/%: $(BUILD)/cgi-bin/%.o $(BUILD)/libteamdues.so \
		$(TO_INSTALL)/place
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_LDFLAGS) -pie -o $@ $< $(BUILD)/libteamdues.so $(LIBS) \
		-Wl,-rpath,'$(PRIVATE_LIBDIR)'

# Only what is installed has scripts beside it.
SCRIPT_FOLDER := runbook/command/kit/script_folder

$(TO_INSTALL)/script_folder.o: $(SCRIPT_FOLDER).c $(TO_INSTALL)/place
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) \
		-DSCRIPT_FOLDER='"$(PROGRAM_DIR)/"' -c -o $@ $<

$(TO_INSTALL)/teamdues: $(COMMAND_PARTS) $(TO_INSTALL)/script_folder.o \
		$(BUILD)/libteamdues.so
	$(Q)$(CC) $(ALL_LDFLAGS) -pie -o $@ \
		$(filter-out $(BUILD)/$(SCRIPT_FOLDER).o,$(filter %.o,$^)) \
		$(BUILD)/libteamdues.so $(LIBS) -Wl,-rpath,'$(PRIVATE_LIBDIR)'

# Small, since one runs for each trust level of a club that is awake.
STARTER := $(BUILD)/runbook/package/starter.o
STARTER_PARTS := $(STARTER) $(patsubst %,$(BUILD)/lib/base/%.o,buf clock \
	journal log status utf8)

objects: $(STARTER)

$(BUILD)/starter: $(STARTER_PARTS)
	$(Q)$(CC) $(ALL_LDFLAGS) -pie -o $@ $^

-include $(STARTER:.o=.d)

$(TO_INSTALL)/teamdues.conf: runbook/package/example.awk \
		runbook/teamdues.conf.5
	@mkdir -p $(@D)
	$(Q)LC_ALL=C awk -f $^ > $@.new && mv $@.new $@

$(TO_INSTALL)/completion: runbook/package/completion.awk \
		runbook/package/completion.sh $(BUILD)/teamdues
	@mkdir -p $(@D)
	$(Q)$(BUILD)/teamdues --help | LC_ALL=C awk -v body=$(word 2,$^) \
		-f $< > $@.new && mv $@.new $@

# The page shows them, and its test holds them to the figures.
$(TO_INSTALL)/alerts.yml: runbook/monitoring.md
	@mkdir -p $(@D)
	$(Q)sed -n '/^```yaml$$/,/^```$$/p' $< | sed '/^```/d' > $@.new && \
		mv $@.new $@

install: install-programs install-nginx install-units install-scripts \
	install-manual install-completion install-monitoring ## install under PREFIX (and DESTDIR)

install-strip: INSTALL_PROGRAM += -s
install-strip: install ## the same, without what a debugger reads

install-programs: all $(INSTALLED_PROGRAMS) $(BUILD)/starter \
	$(TO_INSTALL)/teamdues ## install the programs and the command only
	$(INSTALL) -d $(DESTDIR)$(bindir) $(DESTDIR)$(PRIVATE_LIBDIR) \
		$(addprefix $(DESTDIR)$(PROGRAM_DIR)/,$(sort $(dir $(PROGRAM_NAMES))))
	$(INSTALL_PROGRAM) $(TO_INSTALL)/teamdues $(DESTDIR)$(bindir)
	$(INSTALL_PROGRAM) -m 644 $(BUILD)/libteamdues.so \
		$(DESTDIR)$(PRIVATE_LIBDIR)
	$(INSTALL_PROGRAM) $(BUILD)/starter $(DESTDIR)$(PROGRAM_DIR)
	for name in $(PROGRAM_NAMES); do \
		$(INSTALL_PROGRAM) $(TO_INSTALL)/cgi-bin/$$name \
			$(DESTDIR)$(PROGRAM_DIR)/$$name || exit; \
	done

# The places are filled in; what differs from site to site is left.
install-nginx: ## install what nginx reads only
	$(INSTALL) -d $(DESTDIR)$(DATA_DIR)/nginx/html \
		$(DESTDIR)$(DATA_DIR)/nginx/snippets
	$(INSTALL_DATA) nginx/html/* $(DESTDIR)$(DATA_DIR)/nginx/html
	$(INSTALL_DATA) nginx/snippets/*.conf \
		$(DESTDIR)$(DATA_DIR)/nginx/snippets
	$(INSTALL_DATA) nginx/*.conf $(DESTDIR)$(DATA_DIR)/nginx
	sed -i -e '/^#/!s|@SNIPPETS@|$(DATA_DIR)/nginx/snippets|' \
		-e '/^#/!s|@HTML@|$(DATA_DIR)/nginx/html|' \
		-e '/^#/!s| *@FORM_ACTION@||' \
		$(DESTDIR)$(DATA_DIR)/nginx/teamdues.conf \
		$(DESTDIR)$(DATA_DIR)/nginx/snippets/*.conf

install-units: ## install the units of systemd only
	rm -rf $(TO_INSTALL)/units
	PROGRAM_DIR=$(PROGRAM_DIR) BIN_DIR=$(bindir) \
		runbook/package/systemd/units.sh $(TO_INSTALL)/units
	$(INSTALL) -d $(DESTDIR)$(unitdir) $(DESTDIR)$(DATA_DIR)
	$(INSTALL_DATA) $(TO_INSTALL)/units/teamdues* $(DESTDIR)$(unitdir)
	$(INSTALL_DATA) $(TO_INSTALL)/units/sysusers.conf \
		$(DESTDIR)$(DATA_DIR)

install-scripts: ## install what looks after a machine's clubs only
	$(INSTALL) -d $(DESTDIR)$(PROGRAM_DIR)
	for name in $(SCRIPT_NAMES); do \
		$(INSTALL) -m 755 runbook/package/scripts/$$name.sh \
			$(DESTDIR)$(PROGRAM_DIR)/$$name || exit; \
	done
	$(INSTALL) -m 755 $(SCRIPT_PARTS:%=runbook/package/scripts/%.sh) \
		$(DESTDIR)$(PROGRAM_DIR)
	sed -i 's|^data=.*|data=$(DATA_DIR)|' $(DESTDIR)$(PROGRAM_DIR)/club.sh

install-manual: $(TO_INSTALL)/teamdues.conf ## install the manual only
	$(INSTALL) -d $(DESTDIR)$(DATA_DIR) $(DESTDIR)$(docdir)/runbook \
		$(DESTDIR)$(mandir)/man5 $(DESTDIR)$(mandir)/man8
	$(INSTALL_DATA) $< $(DESTDIR)$(DATA_DIR)
	$(INSTALL_DATA) README.md $(DESTDIR)$(docdir)
	$(INSTALL_DATA) runbook/*.md $(DESTDIR)$(docdir)/runbook
	$(INSTALL_DATA) runbook/teamdues.conf.5 $(DESTDIR)$(mandir)/man5
	$(INSTALL_DATA) runbook/teamdues.8 $(DESTDIR)$(mandir)/man8

install-completion: $(TO_INSTALL)/completion ## install what bash completes only
	$(INSTALL) -d $(DESTDIR)$(completionsdir)
	$(INSTALL_DATA) $< $(DESTDIR)$(completionsdir)/teamdues

install-monitoring: $(TO_INSTALL)/alerts.yml ## install alert rules and the dashboard only
	$(INSTALL) -d $(DESTDIR)$(DATA_DIR)
	$(INSTALL_DATA) $< runbook/package/grafana.json $(DESTDIR)$(DATA_DIR)

# All folders but these are other packages' too.
uninstall: ## remove what install put there; settings stay
	rm -rf $(DESTDIR)$(PRIVATE_LIBDIR) $(DESTDIR)$(PROGRAM_DIR) \
		$(DESTDIR)$(DATA_DIR) $(DESTDIR)$(docdir)
	rm -f $(DESTDIR)$(bindir)/teamdues $(DESTDIR)$(unitdir)/teamdues@.target \
		$(DESTDIR)$(unitdir)/teamdues-*.service \
		$(DESTDIR)$(unitdir)/teamdues-*.socket \
		$(DESTDIR)$(unitdir)/teamdues-*.timer \
		$(DESTDIR)$(mandir)/man5/teamdues.conf.5 \
		$(DESTDIR)$(mandir)/man8/teamdues.8 \
		$(DESTDIR)$(completionsdir)/teamdues

deb: deps-package ## build the Debian package, under build/deb
	runbook/package/deb.sh $(BUILD)/deb

package-test: ## test it on a machine made of ROOT, the folder of a bare Debian
	tests/package/deb-test.sh $(ROOT)
