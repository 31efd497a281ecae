/* Lists of sessions as they come from spreadsheets and scripts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "billing/repair/adopt_file.h"

static enum status
parse(const char *text, struct adopt_list *list, struct err *err)
{
	return adopt_list_parse(text, strlen(text), list, err);
}

static void
test_lines(void **state)
{
	struct adopt_list list;
	struct err err;

	(void)state;
	assert_int_equal(parse("order_id,session_id\r\n12,cs_a\n\n"
	    " 13 ,\" cs_b \"\n", &list, &err), ST_OK);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.lines[0].line, 2);
	assert_int_equal(list.lines[0].order_id, 12);
	assert_string_equal(list.lines[0].session_id, "cs_a");
	assert_string_equal(list.lines[0].fault, "");
	assert_string_equal(list.lines[0].shown, "");
	assert_int_equal(list.lines[1].line, 4);
	assert_int_equal(list.lines[1].order_id, 13);
	assert_string_equal(list.lines[1].session_id, "cs_b");
	adopt_list_clear(&list);
	adopt_list_clear(&list);
}

static void
test_either_order_of_columns(void **state)
{
	struct adopt_list list;
	struct err err;

	(void)state;
	assert_int_equal(parse(" session_id , order_id \ncs_a,12\n", &list,
	    &err), ST_OK);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.lines[0].order_id, 12);
	assert_string_equal(list.lines[0].session_id, "cs_a");
	adopt_list_clear(&list);
}

/* What `import sessions --suggest` adds for people means nothing here. */
static void
test_columns_that_are_passed_over(void **state)
{
	struct adopt_list list;
	struct err err;

	(void)state;
	assert_int_equal(parse("sure,order_id,why,payer_name,session_id\n"
	    "no,12,\"a, b\",'=1,cs_a\n,13,,,cs_b\n1,14,cs_c\n", &list, &err),
	    ST_OK);
	assert_int_equal(list.count, 3);
	assert_int_equal(list.lines[0].order_id, 12);
	assert_string_equal(list.lines[0].session_id, "cs_a");
	assert_string_equal(list.lines[1].session_id, "cs_b");
	assert_string_equal(list.lines[1].fault, "");
	assert_string_equal(list.lines[2].fault,
	    "not as many fields as there are columns");
	adopt_list_clear(&list);
}

static void
test_headers_that_are_refused(void **state)
{
	static const char *const headers[] = { "", "order_id\n",
	    "order_id,session_id,more\n", "order_id,order_id\n",
	    "order_id,session_id,sure,session_id\n", "sure,why\n",
	    "session_id,session_id\n", "Order_ID,session_id\n", "12,cs_a\n" };
	struct adopt_list list;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		assert_int_equal(parse(headers[i], &list, &err),
		    ST_BAD_INPUT);
		assert_string_equal(err.msg, "line 1: the columns are to be "
		    "order_id,session_id");
		adopt_list_clear(&list);
	}
}

/* Of rows and a column that were cleared a spreadsheet leaves the commas. */
static void
test_traces_of_a_spreadsheet(void **state)
{
	struct adopt_list list;
	struct err err;

	(void)state;
	assert_int_equal(parse("order_id,session_id,\n1,cs_1,\n,,\n2,cs_2,\n",
	    &list, &err), ST_OK);
	assert_int_equal(list.count, 2);
	assert_string_equal(list.lines[1].fault, "");
	assert_string_equal(list.lines[1].session_id, "cs_2");
	adopt_list_clear(&list);
	assert_int_equal(parse("order_id;session_id\n1;cs_1\n", &list, &err),
	    ST_BAD_INPUT);
	assert_non_null(strstr(err.msg, "semicolons"));
	adopt_list_clear(&list);
}

/* A malformed line has a fault; those around it have none. */
static void
test_malformed_lines(void **state)
{
	static const char *const lines[][2] = {
		{ "12", "not two fields" },
		{ "12,cs_a,x", "not two fields" },
		{ ",cs_a", "order_id: not an id (a number from 1)" },
		{ "0,cs_a", "order_id: not an id (a number from 1)" },
		{ "-1,cs_a", "order_id: not an id (a number from 1)" },
		{ "012,cs_a", "order_id: not an id (a number from 1)" },
		{ "9223372036854775808,cs_a",
		    "order_id: not an id (a number from 1)" },
		{ "12,", "session_id: not an id of Stripe's" },
		{ "12,cs a", "session_id: not an id of Stripe's" },
		{ "12,cs/a", "session_id: not an id of Stripe's" },
	};
	char text[256];
	struct adopt_list list;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct buf b = BUF_FIXED(text);

		buf_putf(&b, "order_id,session_id\n1,cs_1\n%s\n2,cs_2\n",
		    lines[i][0]);
		assert_int_equal(parse(text, &list, &err), ST_OK);
		assert_int_equal(list.count, 3);
		assert_string_equal(list.lines[1].fault, lines[i][1]);
		assert_string_equal(list.lines[0].fault, "");
		assert_string_equal(list.lines[2].fault, "");
		adopt_list_clear(&list);
	}
}

/* 255 characters are an id, 256 and a NUL among them are not. */
static void
test_length_of_ids(void **state)
{
	char text[512];
	struct buf b = BUF_FIXED(text);
	struct adopt_list list;
	struct err err;

	(void)state;
	buf_puts(&b, "order_id,session_id\n1,");
	for (int i = 0; i < 255; i++)
		buf_putc(&b, 'x');
	assert_int_equal(parse(text, &list, &err), ST_OK);
	assert_string_equal(list.lines[0].fault, "");
	adopt_list_clear(&list);
	buf_putc(&b, 'x');
	assert_int_equal(parse(text, &list, &err), ST_OK);
	assert_string_equal(list.lines[0].fault,
	    "session_id: not an id of Stripe's");
	adopt_list_clear(&list);

	static const char with_nul[] = "order_id,session_id\n1,cs\0x\n";

	assert_int_equal(adopt_list_parse(with_nul, sizeof(with_nul) - 1,
	    &list, &err), ST_OK);
	assert_string_equal(list.lines[0].fault,
	    "session_id: not an id of Stripe's");
	adopt_list_clear(&list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_either_order_of_columns),
		cmocka_unit_test(test_columns_that_are_passed_over),
		cmocka_unit_test(test_headers_that_are_refused),
		cmocka_unit_test(test_traces_of_a_spreadsheet),
		cmocka_unit_test(test_malformed_lines),
		cmocka_unit_test(test_length_of_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
