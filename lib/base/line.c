/*
 * line.c - one line of readable text in a buffer of fixed size.
 */
#include "base/line.h"

#include <string.h>

static const char hex_digits[] = "0123456789abcdef";

/* The one place that writes: all of text or, from then on, nothing. */
static void
append(struct nvt__line *l, const char *text, size_t len)
{
	if (l->cut || l->size == 0 || len > l->size - 1 - l->len) {
		l->cut = true;
		return;
	}
	memcpy(l->out + l->len, text, len);
	l->len += len;
	l->out[l->len] = '\0';
}

void
nvt__line_init(struct nvt__line *l, char *out, size_t size)
{
	l->out = out;
	l->size = size;
	l->len = 0;
	l->cut = false;
	if (size > 0)
		out[0] = '\0';
}

void
nvt__line_add(struct nvt__line *l, const char *text)
{
	append(l, text, strlen(text));
}

void
nvt__line_number(struct nvt__line *l, uint32_t number)
{
	char digits[10];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	append(l, digits + at, sizeof(digits) - at);
}

void
nvt__line_hex(struct nvt__line *l, uint8_t byte)
{
	char digits[2] = { hex_digits[byte >> 4], hex_digits[byte & 15] };

	append(l, digits, sizeof(digits));
}

static void
escape_byte(struct nvt__line *l, uint8_t byte)
{
	static const char from[] = "\r\n\t\\\033", to[] = "rnt\\e";
	char text[4] = { '\\' };
	const char *at;

	at = byte == 0 ? NULL : strchr(from, byte);
	if (at != NULL) {
		text[1] = to[at - from];
		append(l, text, 2);
		return;
	}
	if (byte >= 0x20 && byte < 0x7f) {
		text[0] = (char)byte;
		append(l, text, 1);
		return;
	}
	text[1] = 'x';
	text[2] = hex_digits[byte >> 4];
	text[3] = hex_digits[byte & 15];
	append(l, text, sizeof(text));
}

void
nvt__line_escape(struct nvt__line *l, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len && !l->cut; i++)
		escape_byte(l, data[i]);
}

void
nvt__line_quote(struct nvt__line *l, const uint8_t *data, size_t len)
{
	append(l, "\"", 1);
	for (size_t i = 0; i < len && !l->cut; i++) {
		if (data[i] == '"')
			append(l, "\\\"", 2);
		else
			escape_byte(l, data[i]);
	}
	append(l, "\"", 1);
}
