/* Forms with a file: what browsers and curl send, and what nobody does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "web/multipart.h"

#define TYPE "multipart/form-data; boundary=AaB03x"
#define FIELD "--AaB03x\r\nContent-Disposition: form-data; name=\"form\"\r\n" \
	"\r\ntoken\r\n"
#define FILE_HEAD "--AaB03x\r\nContent-Disposition: form-data; " \
	"name=\"file\"; filename=\"r.csv\"\r\nContent-Type: text/csv\r\n\r\n"
#define END "\r\n--AaB03x--\r\n"

struct read {
	struct params params;
	struct upload upload;
	struct err err;
};

static enum status
parse_bytes(const char *type, const char *bytes, size_t len,
    struct read *read)
{
	struct buf body = BUF_INIT(1024 * 1024);
	enum status st;

	buf_put(&body, bytes, len);
	st = multipart_parse(type, &body, &read->params, &read->upload,
	    &read->err);
	buf_clear(&body);
	return st;
}

static enum status
parse(const char *type, const char *text, struct read *read)
{
	return parse_bytes(type, text, strlen(text), read);
}

static void
assert_upload(const struct read *read, const char *bytes, size_t len)
{
	assert_string_equal(read->upload.field, "file");
	assert_int_equal(read->upload.len, len);
	assert_memory_equal(read->upload.bytes, bytes, len);
}

static void
a_field_and_a_file(void **state)
{
	/* A NUL, and nearly a delimiter. */
	static const char bytes[] = "a\0b\r\n--AaB03\r\r\n--AaB03y\n";
	struct buf body = BUF_INIT(4096);
	struct read read;

	(void)state;
	buf_puts(&body, FIELD FILE_HEAD);
	buf_put(&body, bytes, sizeof(bytes));
	buf_puts(&body, END);
	assert_int_equal(parse_bytes(TYPE, body.data, body.len, &read), ST_OK);
	assert_int_equal(read.params.count, 1);
	assert_string_equal(params_text(&read.params, "form"), "token");
	assert_string_equal(read.upload.file_name, "r.csv");
	assert_upload(&read, bytes, sizeof(bytes));
	params_clear(&read.params);
	buf_clear(&body);
}

static void
ways_to_write_it(void **state)
{
	static const struct {
		const char *type, *body;
	} CASES[] = {
		{ TYPE, FILE_HEAD "x" END },
		/* Without the last line end. */
		{ TYPE, FILE_HEAD "x\r\n--AaB03x--" },
		{ "Multipart/Form-Data;boundary=\"AaB03x\"",
		    FILE_HEAD "x" END },
		{ TYPE, "--AaB03x\r\ncontent-type: a/b\r\n"
		    "content-disposition:form-data; name=\"file\"; "
		    "filename=\"a%22b\"\r\n\r\nx" END },
	};
	struct read read;

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		assert_int_equal(parse(CASES[i].type, CASES[i].body, &read),
		    ST_OK);
		assert_upload(&read, "x", 1);
		params_clear(&read.params);
	}
	/* No file was chosen, and no file is meant. */
	assert_int_equal(parse(TYPE, "--AaB03x\r\nContent-Disposition: "
	    "form-data; name=\"file\"; filename=\"\"\r\n\r\n" END, &read),
	    ST_OK);
	assert_upload(&read, "", 0);
	assert_string_equal(read.upload.file_name, "");
	params_clear(&read.params);
	assert_int_equal(parse(TYPE, FIELD "--AaB03x--", &read), ST_OK);
	assert_null(read.upload.field);
	params_clear(&read.params);
}

static void
what_is_refused(void **state)
{
	static const struct {
		const char *type, *body, *reason;
	} CASES[] = {
		{ "text/plain", FIELD END, "another kind" },
		{ "multipart/form-data", FIELD END, "no boundary" },
		{ "multipart/form-data; boundary=", FIELD END, "odd boundary" },
		{ "multipart/form-data; boundary=\"a", FIELD, "odd boundary" },
		{ "multipart/form-data; boundary=a b", FIELD, "odd boundary" },
		{ "multipart/form-data; boundary=1234567890123456789012345678"
		    "9012345678901234567890123456789012345678901234567890",
		    FIELD, "odd boundary" },
		{ TYPE, "", "it is empty" },
		{ TYPE, "x" FIELD, "no part begins it" },
		{ TYPE, "--AaB03x", "does not end" },
		{ TYPE, "--AaB03x\r\n", "header that cannot be read" },
		{ TYPE, "--AaB03x\r\nname\r\n\r\nx" END, "cannot be read" },
		{ TYPE, "--AaB03x\r\nContent-Type: a/b\r\n\r\nx" END,
		    "without a name" },
		{ TYPE, "--AaB03x\r\nContent-Transfer-Encoding: base64\r\n"
		    "\r\nx" END, "header that forms do not have" },
		{ TYPE, "--AaB03x\r\nContent-Disposition: attachment; "
		    "name=\"a\"\r\n\r\nx" END, "no field" },
		{ TYPE, "--AaB03x\r\nContent-Disposition: form-data; "
		    "name=\"a\"\r\nContent-Disposition: form-data; name=\"b\""
		    "\r\n\r\nx" END, "no field" },
		{ TYPE, "--AaB03x\r\nContent-Disposition: form-data; "
		    "name=a\r\n\r\nx" END, "cannot be read" },
		{ TYPE, "--AaB03x\r\nContent-Disposition: form-data; "
		    "name=\"a\\\"; b\"\r\n\r\nx" END, "cannot be read" },
		{ TYPE, "--AaB03x\r\nContent-Disposition: form-data; "
		    "name=\"a\"; filename*=\"b\"\r\n\r\nx" END,
		    "cannot be read" },
		{ TYPE, FIELD, "without an end" },
		{ TYPE, FILE_HEAD "x\r\n--AaB03x", "does not end" },
		{ TYPE, FILE_HEAD "x" END "x", "does not end" },
		{ TYPE, FILE_HEAD "x\r\n" FILE_HEAD "y" END,
		    "more than one file" },
		{ TYPE, "--AaB03x\r\nContent-Disposition: form-data; "
		    "name=\"a\"\r\n\r\n\xff" END, "not UTF-8" },
	};
	struct read read;

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		if (parse(CASES[i].type, CASES[i].body, &read) != ST_BAD_INPUT)
			fail_msg("taken: %s", CASES[i].body);
		if (strstr(read.err.msg, CASES[i].reason) == NULL)
			fail_msg("%s: %s", CASES[i].body, read.err.msg);
		params_clear(&read.params);
	}
	assert_int_equal(parse_bytes(TYPE, FIELD "--AaB03x\r\n"
	    "Content-Disposition: form-data; name=\"a\"\r\n\r\n\0" END,
	    sizeof(FIELD "--AaB03x\r\nContent-Disposition: form-data; "
	    "name=\"a\"\r\n\r\n\0" END) - 1, &read), ST_BAD_INPUT);
	assert_non_null(strstr(read.err.msg, "holds a NUL"));
	params_clear(&read.params);
}

static void
too_many_fields(void **state)
{
	struct buf body = BUF_INIT(64 * 1024);
	struct read read;

	(void)state;
	for (int i = 0; i <= PARAMS_MAX; i++)
		buf_puts(&body, FIELD);
	buf_puts(&body, "--AaB03x--");
	assert_int_equal(parse(TYPE, buf_str(&body), &read), ST_BAD_INPUT);
	params_clear(&read.params);
	buf_clear(&body);
}

/*
 * Whatever is cut, doubled or changed in a form is read to its end or refused:
 * what is found lies within what was sent.
 */
static void
anything_at_all(void **state)
{
	static const char whole[] = FIELD FILE_HEAD "a,b\r\n1,2\r\n" END;
	static const char pieces[] = "\r\n-\"\\;=\0A";
	char bytes[sizeof(whole)];
	uint32_t random = 1;
	struct read read;
	int taken = 0;

	(void)state;
	for (int run = 0; run < 20000; run++) {
		size_t len = sizeof(whole) - 1;

		memcpy(bytes, whole, len);
		for (int change = 0; change < run % 3; change++) {
			random = random * 1664525 + 1013904223;
			bytes[(random >> 16) % len] =
			    pieces[(random >> 8) % (sizeof(pieces) - 1)];
		}
		if (run % 5 == 0)
			len = (random >> 12) % sizeof(whole);
		if (parse_bytes(TYPE, bytes, len, &read) == ST_OK) {
			assert_true(read.params.count <= 1);
			assert_true(read.upload.len < sizeof(whole));
			taken++;
		}
		params_clear(&read.params);
	}
	assert_in_range(taken, 5000, 19000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_field_and_a_file),
		cmocka_unit_test(ways_to_write_it),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(too_many_fields),
		cmocka_unit_test(anything_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
