/*
 * wire_codecs.c - each option's payload: parsed, written, at every size of
 * buffer, and cut short at every byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <nvt/wire.h>

#define COUNT(a) (sizeof(a) / sizeof(*(a)))
#define OUT_MAX 256

/* A payload in a block of just its size: a byte too far is seen by ASan. */
static uint8_t *
exactly(const void *data, size_t len)
{
	uint8_t *p = malloc(len > 0 ? len : 1);

	assert_non_null(p);
	if (len > 0)
		memcpy(p, data, len);
	return p;
}

/* A writer of any codec, by way of the struct that its parser filled. */
struct codec {
	const char *name;
	int (*parse)(const uint8_t *p, size_t len, void *out);
	size_t (*write)(const void *in, uint8_t *out, size_t size);
	size_t size;
};

#define CODEC(noun, type)                                                      \
	static int noun##_parse(const uint8_t *p, size_t len, void *out)       \
	{                                                                      \
		return nvt_##noun##_parse(p, len, out);                        \
	}                                                                      \
	static size_t noun##_write(const void *in, uint8_t *out, size_t size)  \
	{                                                                      \
		return nvt_##noun##_write(in, out, size);                      \
	}                                                                      \
	static const struct codec noun = { #noun, noun##_parse, noun##_write,  \
		sizeof(type) }

CODEC(naws, struct nvt_naws);
CODEC(ttype, struct nvt_text_sub);
CODEC(xdisploc, struct nvt_text_sub);
CODEC(tspeed, struct nvt_tspeed);

struct sample {
	const struct codec *codec;
	const char *payload;
	size_t len;
};

#define SAMPLE(codec, payload)                                                 \
	{                                                                      \
		&codec, payload, sizeof(payload) - 1                           \
	}

/* What is written as it was read. */
static const struct sample good[] = {
	SAMPLE(naws, "\0\x50\0\x18"),
	SAMPLE(naws, "\0\0\0\0"),
	SAMPLE(naws, "\xff\xff\xff\xff"),
	SAMPLE(naws, "\0\xff\xf0\x18"),
	SAMPLE(ttype, "\1"),
	SAMPLE(ttype, "\0XTERM"),
	SAMPLE(ttype, "\0xterm-256color"),
	SAMPLE(ttype, "\0a\xff\xf0\0b"),
	SAMPLE(ttype, "\0a name of more than the forty characters of the RFC"),
	SAMPLE(xdisploc, "\1"),
	SAMPLE(xdisploc, "\0host:0"),
	SAMPLE(xdisploc, "\0host.example:10.2"),
	SAMPLE(tspeed, "\1"),
	SAMPLE(tspeed,
	    "\0"
	    "38400,38400"),
	SAMPLE(tspeed,
	    "\0"
	    "0,0"),
	SAMPLE(tspeed,
	    "\0"
	    "4294967295,1"),
};

static const struct sample bad[] = {
	SAMPLE(naws, ""),
	SAMPLE(naws, "\0"),
	SAMPLE(naws, "\0\x50"),
	SAMPLE(naws, "\0\x50\0"),
	SAMPLE(naws, "\0\x50\0\x18\0"),
	SAMPLE(naws, "\0\x50\0\x18\0\0\0\0"),
	SAMPLE(ttype, ""),
	SAMPLE(ttype, "\1x"),
	SAMPLE(ttype, "\2"),
	SAMPLE(ttype, "\2XTERM"),
	SAMPLE(ttype, "XTERM"),
	SAMPLE(ttype, "\xff"),
	SAMPLE(xdisploc, ""),
	SAMPLE(xdisploc, "\1x"),
	SAMPLE(xdisploc, "\2h:0"),
	SAMPLE(tspeed, ""),
	SAMPLE(tspeed, "\1x"),
	SAMPLE(tspeed,
	    "\2"
	    "1,1"),
	SAMPLE(tspeed, "\0"),
	SAMPLE(tspeed, "\0,"),
	SAMPLE(tspeed,
	    "\0"
	    "1"),
	SAMPLE(tspeed,
	    "\0"
	    "1,"),
	SAMPLE(tspeed, "\0,1"),
	SAMPLE(tspeed,
	    "\0"
	    "1,1,1"),
	SAMPLE(tspeed,
	    "\0"
	    "1, 1"),
	SAMPLE(tspeed, "\0 1,1"),
	SAMPLE(tspeed,
	    "\0"
	    "+1,1"),
	SAMPLE(tspeed,
	    "\0"
	    "1,-1"),
	SAMPLE(tspeed,
	    "\0"
	    "0x1,1"),
	SAMPLE(tspeed,
	    "\0"
	    "1,1\0"),
	SAMPLE(tspeed,
	    "\0"
	    "4294967296,1"),
	SAMPLE(tspeed,
	    "\0"
	    "1,99999999999999999999999"),
};

static void
check_good(const struct sample *s)
{
	uint8_t *p = exactly(s->payload, s->len), out[OUT_MAX],
		untouched = 0x5a;
	uint64_t parsed[8];
	size_t size, n;

	assert_true(s->codec->size <= sizeof(parsed));
	if (s->codec->parse(p, s->len, parsed) != 0)
		fail_msg(
		    "%s: sample %d refused", s->codec->name, (int)(s - good));
	for (size = 0; size <= s->len + 1; size++) {
		memset(out, untouched, sizeof(out));
		n = s->codec->write(parsed, out, size);
		assert_int_equal(n, s->len);
		if (size < s->len)
			assert_int_equal(out[0], untouched);
		else
			assert_memory_equal(out, s->payload, s->len);
		assert_int_equal(out[size], untouched);
	}
	free(p);
}

static void
check_bad(const struct sample *s)
{
	uint8_t *p = exactly(s->payload, s->len);
	uint64_t parsed[8], before[8];

	memset(parsed, 0x77, sizeof(parsed));
	memset(before, 0x77, sizeof(before));
	if (s->codec->parse(p, s->len, parsed) != NVT_ERR_MALFORMED)
		fail_msg(
		    "%s: bad sample %d taken", s->codec->name, (int)(s - bad));
	/* On failure what it stores into is untouched. */
	assert_memory_equal(parsed, before, sizeof(parsed));
	free(p);
}

static void
test_samples(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(good); i++)
		check_good(&good[i]);
	for (i = 0; i < COUNT(bad); i++)
		check_bad(&bad[i]);
}

static void
test_values(void **unused)
{
	struct nvt_naws window;
	struct nvt_text_sub text;
	struct nvt_tspeed speed;
	const uint8_t *p = (const uint8_t *)"\0vt220";

	(void)unused;
	assert_int_equal(
	    nvt_naws_parse((const uint8_t *)"\1\2\3\4", 4, &window), 0);
	assert_int_equal(window.cols, 0x0102);
	assert_int_equal(window.rows, 0x0304);
	assert_int_equal(nvt_ttype_parse(p, 6, &text), 0);
	assert_int_equal(text.verb, NVT_SUB_IS);
	assert_int_equal(text.len, 5);
	assert_ptr_equal(text.text, p + 1);
	assert_int_equal(nvt_tspeed_parse((const uint8_t *)"\0"
							   "9600,1200",
			     10, &speed),
	    0);
	assert_int_equal(speed.verb, NVT_SUB_IS);
	assert_int_equal(speed.transmit, 9600);
	assert_int_equal(speed.receive, 1200);
}

static void
test_mtts(void **unused)
{
	static const struct {
		const char *text;
		int is;
		uint32_t bits;
	} cases[] = {
		{ "MTTS 137", 1, 137 },
		{ "MTTS 0", 1, 0 },
		{ "MTTS 4095", 1, 4095 },
		{ "MTTS 999999999", 1, 999999999 },
		{ "MTTS 4294967296", 0, 0 },
		{ "MTTS", 0, 0 },
		{ "MTTS ", 0, 0 },
		{ "MTTS x", 0, 0 },
		{ "MTTS 1x", 0, 0 },
		{ "MTTS -1", 0, 0 },
		{ "XTERM", 0, 0 },
		{ "", 0, 0 },
	};
	uint32_t bits;
	uint8_t *p;
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++) {
		bits = 7;
		p = exactly(cases[i].text, strlen(cases[i].text));
		if (nvt_ttype_mtts((char *)p, strlen(cases[i].text), &bits) !=
		    cases[i].is)
			fail_msg("'%s'", cases[i].text);
		assert_int_equal(bits, cases[i].is ? cases[i].bits : 7);
		free(p);
	}
}

/* NEW-ENVIRON as text: "IS V:A=1 U:B= V:C" with \ for ESC undone. */
static void
show_name(FILE *f, const uint8_t *data, size_t len)
{
	uint8_t *plain = malloc(len + 1);
	size_t i, n;

	assert_non_null(plain);
	n = nvt_environ_unescape(data, len, plain);
	assert_int_equal(n, nvt_environ_unescape(data, len, NULL));
	for (i = 0; i < n; i++)
		if (plain[i] > ' ' && plain[i] < 0x7f)
			fputc(plain[i], f);
		else
			fprintf(f, "<%02x>", plain[i]);
	free(plain);
}

static void
show_environ(struct nvt_environ e, char *out, size_t size)
{
	static const char *const verbs[] = { "IS", "SEND", "INFO" };
	struct nvt_environ_var var;
	FILE *f = fmemopen(out, size, "w");
	int more;

	assert_non_null(f);
	fputs(verbs[e.verb], f);
	while ((more = nvt_environ_next(&e, &var)) == 1) {
		fputs(var.kind == NVT_ENVIRON_VAR ? " V:" : " U:", f);
		show_name(f, var.name, var.name_len);
		if (var.value == NULL)
			continue;
		fputc('=', f);
		show_name(f, var.value, var.value_len);
	}
	assert_int_equal(more, 0);
	fclose(f);
}

#define ENVIRON(payload, text)                                                 \
	{                                                                      \
		payload, sizeof(payload) - 1, text                             \
	}

static const struct {
	const char *payload;
	size_t len;
	const char *text; /* NULL: malformed */
} environs[] = {
	ENVIRON("\1", "SEND"),
	ENVIRON("\1\0", "SEND V:"),
	ENVIRON("\1\3", "SEND U:"),
	ENVIRON("\1\0\3", "SEND V: U:"),
	ENVIRON("\1\0USER\3X", "SEND V:USER U:X"),
	ENVIRON("\0", "IS"),
	ENVIRON("\2", "INFO"),
	ENVIRON("\0\0USER\1joe", "IS V:USER=joe"),
	ENVIRON("\2\0USER\1joe", "INFO V:USER=joe"),
	ENVIRON("\0\0A\1", "IS V:A="),
	ENVIRON("\0\0A", "IS V:A"),
	ENVIRON("\0\0A\3B\1\0C\1c", "IS V:A U:B= V:C=c"),
	ENVIRON("\0\0A\1v\2\2", "IS V:A=v<02>"),
	ENVIRON("\0\0A\1\2\0\2\1\2\2\2\3", "IS V:A=<00><01><02><03>"),
	ENVIRON("\0\0\2\0\2\3\1x", "IS V:<00><03>=x"),
	ENVIRON("\0\3\xff\1\xff\xf0", "IS U:<ff>=<ff><f0>"),
	ENVIRON("", NULL),
	ENVIRON("\3", NULL),
	ENVIRON("\xff", NULL),
	ENVIRON("\0A", NULL),
	ENVIRON("\0\1v", NULL),
	ENVIRON("\0\2", NULL),
	ENVIRON("\0\0A\2", NULL),
	ENVIRON("\0\0A\1v\2", NULL),
	ENVIRON("\1USER", NULL),
};

static void
test_environ(void **unused)
{
	struct nvt_environ e, before;
	char text[OUT_MAX];
	uint8_t *p;
	size_t i;
	int error;

	(void)unused;
	for (i = 0; i < COUNT(environs); i++) {
		p = exactly(environs[i].payload, environs[i].len);
		memset(&e, 0x77, sizeof(e));
		before = e;
		error = nvt_environ_parse(p, environs[i].len, &e);
		if (environs[i].text == NULL) {
			if (error != NVT_ERR_MALFORMED)
				fail_msg("bad sample %d taken", (int)i);
			assert_memory_equal(&e, &before, sizeof(e));
		} else {
			assert_int_equal(error, 0);
			memset(text, 0, sizeof(text));
			show_environ(e, text, sizeof(text));
			assert_string_equal(text, environs[i].text);
		}
		free(p);
	}
}

/* Every way to cut a payload short is parsed or refused, never overrun. */
static void
test_environ_cut(void **unused)
{
	static const char payload[] = "\0\0USER\1j\2\1e\3B\1\0C\1c\2\0\3\2\3";
	struct nvt_environ e;
	char text[OUT_MAX];
	uint8_t *p;
	size_t len;

	(void)unused;
	for (len = 0; len < sizeof(payload); len++) {
		p = exactly(payload, len);
		if (nvt_environ_parse(p, len, &e) == 0)
			show_environ(e, text, sizeof(text));
		else
			/* Only without a verb, or after a lone ESC. */
			assert_true(len == 0 || p[len - 1] == 2);
		free(p);
	}
}

static size_t
write_var(enum nvt_environ_kind kind, const char *name, const char *value,
    uint8_t *out, size_t size)
{
	struct nvt_environ_var var = { .kind = kind,
		.name = (const uint8_t *)name,
		.name_len = strlen(name),
		.value = (const uint8_t *)value,
		.value_len = value != NULL ? strlen(value) : 0 };

	return nvt_environ_var_write(&var, out, size);
}

static void
test_environ_write(void **unused)
{
	static const struct {
		enum nvt_environ_kind kind;
		const char *name, *value;
		const char *bytes;
		size_t len;
	} cases[] = {
		{ NVT_ENVIRON_VAR, "A", "1", "\0A\1\x31", 4 },
		{ NVT_ENVIRON_USERVAR, "A", "1", "\3A\1\x31", 4 },
		{ NVT_ENVIRON_VAR, "A", "", "\0A\1", 3 },
		{ NVT_ENVIRON_VAR, "A", NULL, "\0A", 2 },
		{ NVT_ENVIRON_VAR, "", NULL, "\0", 1 },
		{ NVT_ENVIRON_VAR, "\1", "\2\3", "\0\2\1\1\2\2\2\3", 8 },
		{ NVT_ENVIRON_VAR, "\xff", "\xff", "\0\xff\1\xff", 4 },
	};
	uint8_t out[OUT_MAX];
	size_t i, size, n;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++)
		for (size = 0; size <= cases[i].len + 1; size++) {
			memset(out, 0x5a, sizeof(out));
			n = write_var(cases[i].kind, cases[i].name,
			    cases[i].value, out, size);
			assert_int_equal(n, cases[i].len);
			if (size < n)
				assert_int_equal(out[0], 0x5a);
			else
				assert_memory_equal(out, cases[i].bytes, n);
			assert_int_equal(out[size], 0x5a);
		}
}

/* STATUS as text: "IS WILL 1 DO 3 SB 31 00f0f0". */
static void
show_status(struct nvt_status s, char *out, size_t size)
{
	struct nvt_wire_item item;
	FILE *f = fmemopen(out, size, "w");
	size_t i;
	int more;

	assert_non_null(f);
	fputs(s.verb == NVT_SUB_IS ? "IS" : "SEND", f);
	while ((more = nvt_status_next(&s, &item)) == 1) {
		if (item.type == NVT_WIRE_NEGOTIATION) {
			fprintf(f, " %s %d", nvt_command_name(item.command),
			    item.option);
			continue;
		}
		assert_int_equal(item.type, NVT_WIRE_SUB);
		fprintf(f, " SB %d ", item.option);
		for (i = 0; i < item.len; i++)
			fprintf(f, "%02x", item.data[i]);
	}
	assert_int_equal(more, 0);
	fclose(f);
}

static const struct {
	const char *payload;
	size_t len;
	const char *text;
} statuses[] = {
	ENVIRON("\1", "SEND"),
	ENVIRON("\0", "IS"),
	ENVIRON("\0\xfb\1", "IS WILL 1"),
	ENVIRON("\0\xfb\1\xfd\3", "IS WILL 1 DO 3"),
	ENVIRON("\0\xfb\xf0\xf0\xfd\xff", "IS WILL 240 DO 255"),
	ENVIRON("\0\xfd\x1f\xfa\x1f\0P\0\x18\xf0", "IS DO 31 SB 31 00500018"),
	ENVIRON("\0\xfa\x1f\xf0\xf0\xf0\xfb\1", "IS SB 31 f0f0 WILL 1"),
	ENVIRON("\0\xfa\x1f\xf0", "IS SB 31 "),
	ENVIRON("", NULL),
	ENVIRON("\2", NULL),
	ENVIRON("\1\xfb\1", NULL),
	ENVIRON("\0\xfb", NULL),
	ENVIRON("\0\xfb\xf0", NULL),
	ENVIRON("\0\xfc\1", NULL),
	ENVIRON("\0\xfe\1", NULL),
	ENVIRON("\0\1", NULL),
	ENVIRON("\0\xfa", NULL),
	ENVIRON("\0\xfa\x1f", NULL),
	ENVIRON("\0\xfa\x1f\xf0\xf0", NULL),
	ENVIRON("\0\xfb\1\xf0", NULL),
};

static void
test_status(void **unused)
{
	struct nvt_status s;
	char text[OUT_MAX];
	uint8_t *p;
	size_t i;
	int error;

	(void)unused;
	for (i = 0; i < COUNT(statuses); i++) {
		p = exactly(statuses[i].payload, statuses[i].len);
		error = nvt_status_parse(p, statuses[i].len, &s);
		if (error != (statuses[i].text == NULL ? NVT_ERR_MALFORMED : 0))
			fail_msg("sample %d: %d", (int)i, error);
		if (error == 0) {
			memset(text, 0, sizeof(text));
			show_status(s, text, sizeof(text));
			assert_string_equal(text, statuses[i].text);
		}
		free(p);
	}
}

static void
check_item(const struct nvt_wire_item *item, const char *want, size_t len)
{
	uint8_t out[OUT_MAX];
	size_t size;

	for (size = 0; size <= len + 1; size++) {
		memset(out, 0x5a, sizeof(out));
		assert_int_equal(nvt_status_item_write(item, out, size), len);
		if (size < len)
			assert_int_equal(out[0], 0x5a);
		else
			assert_memory_equal(out, want, len);
		assert_int_equal(out[size], 0x5a);
	}
}

static void
test_status_write(void **unused)
{
	struct nvt_wire_item item = { .type = NVT_WIRE_NEGOTIATION,
		.command = NVT_CMD_WILL,
		.option = NVT_OPT_ECHO };

	(void)unused;
	check_item(&item, "\xfb\1", 2);
	item.option = 0xf0;
	check_item(&item, "\xfb\xf0\xf0", 3);
	item.command = NVT_CMD_DO;
	item.option = 0xff;
	check_item(&item, "\xfd\xff", 2);
}

/* Whatever the bytes, a parser takes them or not, and walks them to an end. */
static void
test_noise(void **unused)
{
	uint32_t seed = 1572;
	struct nvt_environ e;
	struct nvt_status s;
	uint64_t parsed[8];
	uint8_t noise[24], *p;
	char text[4096];
	size_t i, j, len;

	(void)unused;
	for (i = 0; i < 200000; i++) {
		len = i % sizeof(noise);
		for (j = 0; j < len; j++) {
			seed = seed * 1664525u + 1013904223u;
			noise[j] = (uint8_t)(seed >> 24);
			if ((seed >> 20 & 3) != 0)
				noise[j] &= (seed >> 18 & 1) != 0 ? 0x03 : 0xff;
			else
				noise[j] |= 0xf0;
		}
		p = exactly(noise, len);
		if (nvt_environ_parse(p, len, &e) == 0)
			show_environ(e, text, sizeof(text));
		if (nvt_status_parse(p, len, &s) == 0)
			show_status(s, text, sizeof(text));
		(void)nvt_naws_parse(p, len, (void *)parsed);
		(void)nvt_ttype_parse(p, len, (void *)parsed);
		(void)nvt_xdisploc_parse(p, len, (void *)parsed);
		(void)nvt_tspeed_parse(p, len, (void *)parsed);
		free(p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_mtts),
		cmocka_unit_test(test_environ),
		cmocka_unit_test(test_environ_cut),
		cmocka_unit_test(test_environ_write),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_status_write),
		cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
