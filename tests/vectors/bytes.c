/*
 * bytes.c - the byte language of the vectors: names, hex pairs, strings,
 * repetition.
 */
#include "vector.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define REPEAT_MAX 10000000
#define PRINT_MAX 600

/* The bytes inside subnegotiations that have names of their own. */
static const struct {
	const char *name;
	uint8_t code;
} payload_names[] = {
	{ "IS", 0 },
	{ "SEND", 1 },
	{ "INFO", 2 },
	{ "VAR", 0 },
	{ "VALUE", 1 },
	{ "ESC", 2 },
	{ "USERVAR", 3 },
};

void *
must_realloc(void *old, size_t size)
{
	void *p = realloc(old, size > 0 ? size : 1);

	if (p == NULL)
		abort();
	return p;
}

char *
must_strdup(const char *s)
{
	size_t size = strlen(s) + 1;

	return memcpy(must_realloc(NULL, size), s, size);
}

void
bytes_add(struct bytes *b, const void *data, size_t len)
{
	if (len == 0)
		return;
	if (b->len + len > b->cap) {
		b->cap = (b->len + len) * 2;
		b->data = must_realloc(b->data, b->cap);
	}
	memcpy(b->data + b->len, data, len);
	b->len += len;
}

void
bytes_free(struct bytes *b)
{
	free(b->data);
	*b = (struct bytes){ 0 };
}

void
malformed(const struct place *at, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: ", at->file, at->line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\n");
	exit(2);
}

void
skip_blanks(struct place *at)
{
	while (*at->p == ' ' || *at->p == '\t')
		at->p++;
}

size_t
word_length(const struct place *at)
{
	return strcspn(at->p, " \t");
}

bool
word_is(const struct place *at, const char *word)
{
	size_t len = word_length(at);

	return strlen(word) == len && strncmp(at->p, word, len) == 0;
}

static int
hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *d;

	if (c == '\0')
		return -1;
	d = strchr(digits, tolower((unsigned char)c));
	return d == NULL ? -1 : (int)(d - digits);
}

static int
hex_pair(const char *s)
{
	int high = hex_digit(s[0]);
	int low = high < 0 ? -1 : hex_digit(s[1]);

	return low < 0 ? -1 : high * 16 + low;
}

static int
escape(struct place *at)
{
	static const char from[] = "rnt0abfve\\\"";
	static const char to[] = "\r\n\t\0\a\b\f\v\033\\\"";
	const char *f;
	int value;

	at->p++;
	if (*at->p == 'x') {
		value = hex_pair(at->p + 1);
		if (value < 0)
			malformed(at, "\\x needs two hex digits");
		at->p += 3;
		return value;
	}
	f = *at->p == '\0' ? NULL : strchr(from, *at->p);
	if (f == NULL)
		malformed(at, "unknown escape \\%c", *at->p);
	at->p++;
	return (unsigned char)to[f - from];
}

void
parse_string(struct place *at, struct bytes *out)
{
	uint8_t c;

	at->p++;
	while (*at->p != '"') {
		if (*at->p == '\0')
			malformed(at, "unterminated string");
		if (*at->p == '\\') {
			c = (uint8_t)escape(at);
		} else {
			c = (uint8_t)*at->p;
			at->p++;
		}
		bytes_add(out, &c, 1);
	}
	at->p++;
}

/* Names are in capitals, so that "IAC ec" can mean the byte 0xec. */
static bool
in_capitals(const char *s)
{
	bool any = false;

	for (; *s != '\0'; s++) {
		if (islower((unsigned char)*s))
			return false;
		any = any || isupper((unsigned char)*s);
	}
	return any;
}

static int
payload_code(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(payload_names) / sizeof(*payload_names); i++)
		if (strcmp(payload_names[i].name, word) == 0)
			return payload_names[i].code;
	return -1;
}

/* What came before a word decides what it can mean. */
enum after { AFTER_ANY, AFTER_IAC, AFTER_VERB };

static int
first_of(int a, int b, int c)
{
	if (a >= 0)
		return a;
	return b >= 0 ? b : c;
}

static int
word_code(const char *word, enum after after)
{
	int hex = strlen(word) == 2 ? hex_pair(word) : -1;
	int command = -1, option = -1;

	if (in_capitals(word)) {
		command = nvt_command_code(word);
		option = nvt_option_code(word);
	}
	if (after == AFTER_IAC)
		return first_of(command, hex, -1);
	if (after == AFTER_VERB)
		return first_of(hex, option, command);
	return first_of(hex, command, first_of(option, payload_code(word), -1));
}

static enum after
after_code(int code, bool by_name)
{
	if (code == NVT_CMD_IAC)
		return AFTER_IAC;
	if (by_name && code >= NVT_CMD_SB && code <= NVT_CMD_DONT)
		return AFTER_VERB;
	return AFTER_ANY;
}

static enum after
parse_code(struct place *at, enum after after, struct bytes *out)
{
	char word[64];
	size_t len = strcspn(at->p, " \t)");
	uint8_t byte;
	int code;

	if (len == 0 || len >= sizeof(word))
		malformed(at, "not a byte: '%s'", at->p);
	memcpy(word, at->p, len);
	word[len] = '\0';
	code = word_code(word, after);
	if (code < 0)
		malformed(at, "not a byte: '%s'", word);
	at->p += len;
	byte = (uint8_t)code;
	bytes_add(out, &byte, 1);
	return after_code(code, len != 2 || hex_pair(word) < 0);
}

/* "*1000": what began at start, that often. */
static void
parse_repeat(struct place *at, struct bytes *out, size_t start)
{
	size_t once = out->len - start, i;
	unsigned long times;
	uint8_t *copy;
	char *end;

	times = strtoul(at->p + 1, &end, 10);
	if (end == at->p + 1 || times > REPEAT_MAX)
		malformed(at, "not a repetition: '%s'", at->p);
	at->p = end;
	if (times == 0) {
		out->len = start;
		return;
	}
	if (once == 0)
		return;
	copy = memcpy(must_realloc(NULL, once), out->data + start, once);
	for (i = 1; i < times; i++)
		bytes_add(out, copy, once);
	free(copy);
}

static void
parse_sequence(struct place *at, struct bytes *out, bool *urgent, bool nested);

static void
parse_group(struct place *at, struct bytes *out)
{
	at->p++;
	parse_sequence(at, out, NULL, true);
	if (*at->p != ')')
		malformed(at, "'(' without ')'");
	at->p++;
}

static bool
ends(char c, bool nested)
{
	return c == '\0' || c == '=' || (nested && c == ')');
}

static void
parse_sequence(struct place *at, struct bytes *out, bool *urgent, bool nested)
{
	enum after after = AFTER_ANY;
	size_t start = out->len;

	for (skip_blanks(at); !ends(*at->p, nested); skip_blanks(at)) {
		if (*at->p == '*') {
			parse_repeat(at, out, start);
			continue;
		}
		start = out->len;
		if (urgent != NULL && word_is(at, "URGENT")) {
			at->p += strlen("URGENT");
			*urgent = true;
			return;
		}
		if (*at->p == '(') {
			parse_group(at, out);
			after = AFTER_ANY;
		} else if (*at->p == '"') {
			parse_string(at, out);
			after = AFTER_ANY;
		} else {
			after = parse_code(at, after, out);
		}
	}
}

void
parse_bytes(struct place *at, struct bytes *out, bool *urgent)
{
	if (urgent != NULL)
		*urgent = false;
	parse_sequence(at, out, urgent, false);
}

void
print_hex(FILE *f, const uint8_t *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		fprintf(f, "%s%02x", i > 0 ? " " : "", data[i]);
}

void
print_string(FILE *f, const uint8_t *data, size_t len)
{
	static const char from[] = "\r\n\t\\\"";
	static const char to[] = "rnt\\\"";
	const char *e;
	size_t i;

	fputc('"', f);
	for (i = 0; i < len; i++) {
		e = data[i] == 0 ? NULL : strchr(from, data[i]);
		if (e != NULL)
			fprintf(f, "\\%c", to[e - from]);
		else if (data[i] >= 0x20 && data[i] < 0x7f)
			fputc(data[i], f);
		else
			fprintf(f, "\\x%02x", data[i]);
	}
	fputc('"', f);
}

static bool
is_readable(uint8_t c)
{
	return (c >= 0x20 && c < 0x7f) || c == '\r' || c == '\n';
}

static size_t
readable_length(const uint8_t *data, size_t len)
{
	size_t n = 0;

	while (n < len && is_readable(data[n]))
		n++;
	return n;
}

/* IAC and what belongs to it; returns how many bytes that was. */
static size_t
print_command(FILE *f, const uint8_t *data, size_t len)
{
	const char *name;

	fputs("IAC", f);
	name = len < 2 ? NULL : nvt_command_name(data[1]);
	if (name == NULL)
		return 1;
	fprintf(f, " %s", name);
	if (data[1] < NVT_CMD_SB || data[1] > NVT_CMD_DONT || len < 3)
		return 2;
	name = nvt_option_name(data[2]);
	if (name != NULL && data[2] != NVT_CMD_IAC)
		fprintf(f, " %s", name);
	else
		fprintf(f, " %02x", data[2]);
	return 3;
}

void
print_bytes(FILE *f, const uint8_t *data, size_t len)
{
	size_t i = 0, n, all = len;

	if (len > PRINT_MAX)
		len = PRINT_MAX;
	while (i < len) {
		if (i > 0)
			fputc(' ', f);
		n = readable_length(data + i, len - i);
		if (n > 0) {
			print_string(f, data + i, n);
			i += n;
		} else if (data[i] == NVT_CMD_IAC) {
			i += print_command(f, data + i, len - i);
		} else {
			fprintf(f, "%02x", data[i++]);
		}
	}
	if (len < all)
		fprintf(f, " ... (%zu bytes)", all);
}
