/*
 * wire_names.c - the names and numbers of commands, options, faults, errors:
 * against the RFCs' and IANA's own numbers, there and back.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <nvt/wire.h>

struct pair {
	int code;
	const char *name;
};

/* RFC 854, RFC 885, RFC 1184. */
static const struct pair commands[] = {
	{ 236, "EOF" },
	{ 237, "SUSP" },
	{ 238, "ABORT" },
	{ 239, "EOR" },
	{ 240, "SE" },
	{ 241, "NOP" },
	{ 242, "DM" },
	{ 243, "BRK" },
	{ 244, "IP" },
	{ 245, "AO" },
	{ 246, "AYT" },
	{ 247, "EC" },
	{ 248, "EL" },
	{ 249, "GA" },
	{ 250, "SB" },
	{ 251, "WILL" },
	{ 252, "WONT" },
	{ 253, "DO" },
	{ 254, "DONT" },
	{ 255, "IAC" },
};

/* The options' own RFCs. */
static const struct pair options[] = {
	{ 0, "BINARY" },
	{ 1, "ECHO" },
	{ 3, "SGA" },
	{ 5, "STATUS" },
	{ 6, "TIMING-MARK" },
	{ 18, "LOGOUT" },
	{ 23, "SNDLOC" },
	{ 24, "TTYPE" },
	{ 25, "EOR" },
	{ 31, "NAWS" },
	{ 32, "TSPEED" },
	{ 33, "LFLOW" },
	{ 34, "LINEMODE" },
	{ 35, "XDISPLOC" },
	{ 36, "OLD-ENVIRON" },
	{ 37, "AUTH" },
	{ 38, "ENCRYPT" },
	{ 39, "NEW-ENVIRON" },
	{ 40, "TN3270E" },
	{ 42, "CHARSET" },
	{ 44, "COM-PORT" },
	{ 46, "START-TLS" },
	{ 47, "KERMIT" },
	{ 69, "MSDP" },
	{ 70, "MSSP" },
	{ 85, "MCCP1" },
	{ 86, "MCCP2" },
	{ 87, "MCCP3" },
	{ 90, "MSP" },
	{ 91, "MXP" },
	{ 93, "ZMP" },
	{ 200, "ATCP" },
	{ 201, "GMCP" },
	{ 255, "EXOPL" },
};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void
test_commands(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(commands); i++) {
		assert_string_equal(nvt_command_name((uint8_t)commands[i].code),
		    commands[i].name);
		assert_int_equal(
		    nvt_command_code(commands[i].name), commands[i].code);
		assert_non_null(nvt_command_meaning((uint8_t)commands[i].code));
	}
	for (i = 0; i < 236; i++) {
		assert_null(nvt_command_name((uint8_t)i));
		assert_null(nvt_command_meaning((uint8_t)i));
	}
}

static void
test_options(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(options); i++) {
		assert_string_equal(
		    nvt_option_name((uint8_t)options[i].code), options[i].name);
		assert_int_equal(
		    nvt_option_code(options[i].name), options[i].code);
		assert_non_null(nvt_option_source((uint8_t)options[i].code));
	}
}

/* IANA has assigned 0 to 49, 138 to 140, and 255. */
static void
test_registry(void **unused)
{
	int i;

	(void)unused;
	for (i = 0; i < 50; i++)
		assert_non_null(nvt_option_name((uint8_t)i));
	for (i = 138; i <= 140; i++)
		assert_non_null(nvt_option_name((uint8_t)i));
	assert_null(nvt_option_name(50));
	assert_null(nvt_option_source(50));
	assert_null(nvt_option_name(99));
	assert_null(nvt_option_name(254));
}

/* In any case, and with '_' for '-'. */
static void
test_there_and_back(void **unused)
{
	const char *name;
	char other[64];
	size_t j;
	int i;

	(void)unused;
	for (i = 0; i < 256; i++) {
		name = nvt_option_name((uint8_t)i);
		assert_int_equal(
		    nvt_option_source((uint8_t)i) == NULL, name == NULL);
		if (name == NULL)
			continue;
		assert_int_equal(nvt_option_code(name), i);
		assert_true(strlen(name) < sizeof(other));
		for (j = 0; j <= strlen(name); j++)
			other[j] = name[j] == '-' ?
			    '_' :
			    (char)tolower((unsigned char)name[j]);
		assert_int_equal(nvt_option_code(other), i);
	}
	assert_int_equal(nvt_command_code("ayt"), NVT_CMD_AYT);
	assert_int_equal(nvt_command_code("Will"), NVT_CMD_WILL);
}

static void
test_numbers(void **unused)
{
	char text[16];
	int i;

	(void)unused;
	for (i = 0; i < 256; i++) {
		snprintf(text, sizeof(text), "%d", i);
		assert_int_equal(nvt_option_code(text), i);
		assert_int_equal(nvt_command_code(text), i);
	}
}

static void
test_what_is_no_name(void **unused)
{
	static const char *const wrong[] = { "", " ", "-", "256", "-1", "+1",
		"1x", " 1", "1 ", "0x18", "99999999999999999999", "TTYP",
		"TTYPEX", "NEW", "NEW-", "NEW ENVIRON", "TIMING--MARK", "_" };
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(wrong); i++) {
		assert_int_equal(nvt_option_code(wrong[i]), -1);
		assert_int_equal(nvt_command_code(wrong[i]), -1);
	}
}

static void
test_faults(void **unused)
{
	int i;

	(void)unused;
	assert_string_equal(
	    nvt_fault_name(NVT_FAULT_SUB_OVERFLOW), "SUB_OVERFLOW");
	for (i = NVT_FAULT_NONE; i <= NVT_FAULT_COUNT; i++) {
		assert_non_null(nvt_fault_name((enum nvt_fault)i));
		assert_non_null(nvt_fault_text((enum nvt_fault)i));
	}
	assert_non_null(nvt_fault_name((enum nvt_fault)1000));
	assert_non_null(nvt_fault_text((enum nvt_fault)1000));
}

static void
test_errors(void **unused)
{
	int i;

	(void)unused;
	assert_string_equal(nvt_error_text(0), "no error");
	assert_string_equal(nvt_error_name(NVT_ERR_NOMEM), "NVT_ERR_NOMEM");
	assert_string_equal(nvt_error_text(NVT_ERR_TIMEOUT), "timed out");
	for (i = -100; i < 100; i++) {
		assert_non_null(nvt_error_text(i));
		assert_non_null(nvt_error_name(i));
	}
	assert_string_equal(nvt_version(), NVT_VERSION);
}

static size_t
escape(const char *in, size_t len, char *out, size_t size)
{
	return nvt_wire_escape((const uint8_t *)in, len, out, size);
}

/* Nothing that a terminal would act on comes through. */
static void
test_escape(void **unused)
{
	uint8_t all[256];
	char out[2048], small[6];
	size_t i, n;

	(void)unused;
	for (i = 0; i < 256; i++)
		all[i] = (uint8_t)i;
	n = nvt_wire_escape(all, 256, out, sizeof(out));
	assert_int_equal(n, strlen(out));
	for (i = 0; i < n; i++)
		assert_true(out[i] >= 0x20 && out[i] < 0x7f);
	n = escape("a\r\n", 3, out, sizeof(out));
	assert_int_equal(n, 5);
	assert_string_equal(out, "a\\r\\n");
	/* Cut at a whole escape. */
	for (i = 1; i <= sizeof(small); i++) {
		n = escape("\x1b\x1b\x1b\x1b", 4, small, i);
		assert_true(n < i);
		assert_int_equal(n, strlen(small));
		assert_true(n == 0 || n == 2 || n == 4);
	}
	n = escape("", 0, small, sizeof(small));
	assert_int_equal(n, 0);
	assert_string_equal(small, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_registry),
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_what_is_no_name),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_escape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
