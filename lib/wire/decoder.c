/*
 * decoder.c - bytes from the peer to items: RFC 854, RFC 855.
 *
 * Text is handed on as spans of the caller's buffer.  In NVT text mode the
 * only byte of text that is ever removed is the NUL of CR NUL, so the search
 * is for NUL and IAC; CRs are not looked for.
 */
#include <stdlib.h>
#include <string.h>

#include <nvt/wire.h>

#include "base/buf.h"

enum state {
	AT_DATA,
	AT_IAC,
	AT_VERB,   /* after WILL, WONT, DO, DONT */
	AT_SB,     /* the option comes next */
	AT_SB_IAC, /* IAC where the option should have been */
	AT_BODY,
	AT_BODY_IAC,
	AT_UNREAD_IAC, /* AT_IAC, and the byte is still to be read */
};

struct nvt_decoder {
	enum state state;
	bool binary;
	bool enter;    /* CR LF becomes CR */
	bool after_cr; /* the byte before this one was CR, in text */
	bool dropping; /* the subnegotiation is lost: wait for its end */
	uint8_t verb;
	uint8_t option;
	size_t sub_limit;
	struct nvt__buf sub;
};

#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
typedef uint8_t vector __attribute__((vector_size(16)));

enum { VECTOR = sizeof(vector) };

/* A byte is NUL or IAC if adding one to it leaves 0 or 1. */
static inline vector
nuls_and_iacs(const uint8_t *p)
{
	vector v;

	memcpy(&v, p, sizeof(v));
	return (vector)(v + 1 < 2);
}

/* Where the first byte of v is that is not 0, or VECTOR. */
static inline size_t
first_of(vector v)
{
	uint64_t half[2];

	memcpy(half, &v, sizeof(half));
	if (half[0] != 0)
		return (size_t)__builtin_ctzll(half[0]) / 8;
	if (half[1] != 0)
		return 8 + (size_t)__builtin_ctzll(half[1]) / 8;
	return VECTOR;
}

/* The first NUL or IAC among whole vectors from p on, or where they end. */
static const uint8_t *
find_in_vectors(const uint8_t *p, const uint8_t *end)
{
	size_t at;

	while (end - p >= 2 * VECTOR &&
	    first_of(nuls_and_iacs(p) | nuls_and_iacs(p + VECTOR)) == VECTOR)
		p += 2 * VECTOR;
	for (; end - p >= VECTOR; p += VECTOR) {
		at = first_of(nuls_and_iacs(p));
		if (at < VECTOR)
			return p + at;
	}
	return p;
}
#else
static const uint8_t *
find_in_vectors(const uint8_t *p, const uint8_t *end)
{
	(void)end;
	return p;
}
#endif

/* The first NUL or IAC from p on, or end. */
static const uint8_t *
find_nul_or_iac(const uint8_t *p, const uint8_t *end)
{
	p = find_in_vectors(p, end);
	while (p < end && *p != 0 && *p != NVT_CMD_IAC)
		p++;
	return p;
}

/* The first NUL, IAC or LF from p on, or end. */
static const uint8_t *
find_line_break(const uint8_t *p, const uint8_t *end)
{
	while (p < end && *p != 0 && *p != NVT_CMD_IAC && *p != '\n')
		p++;
	return p;
}

/* Where the text is interrupted: an IAC, or what CR takes with it. */
static const uint8_t *
find_break(const struct nvt_decoder *d, const uint8_t *text, const uint8_t *end)
{
	const uint8_t *p;

	if (d->binary) {
		p = memchr(text, NVT_CMD_IAC, (size_t)(end - text));
		return p != NULL ? p : end;
	}
	for (p = text;; p++) {
		p = d->enter ? find_line_break(p, end) :
			       find_nul_or_iac(p, end);
		if (p == end || *p == NVT_CMD_IAC)
			return p;
		if (p > text ? p[-1] == '\r' : d->after_cr)
			return p;
	}
}

static void
give(struct nvt_wire_item *item, enum nvt_wire_type type, const uint8_t *data,
    size_t len)
{
	item->type = type;
	item->data = data;
	item->len = len;
}

static void
fault(const struct nvt_decoder *d, enum nvt_fault fault,
    struct nvt_wire_item *item)
{
	item->type = NVT_WIRE_FAULT;
	item->fault = fault;
	item->option = d->option;
}

/*
 * Text from p up to the next break, with the first byte of IAC IAC for the
 * doubled one.  There is no IAC at p itself.  Returns how many bytes it took.
 */
static size_t
take_text(struct nvt_decoder *d, const uint8_t *p, const uint8_t *end,
    struct nvt_wire_item *item)
{
	const uint8_t *stop = find_break(d, p, end), *next = stop;

	if (stop < end && *stop != NVT_CMD_IAC)
		next++;
	else if (end - stop >= 2 && stop[1] == NVT_CMD_IAC) {
		stop++;
		next += 2;
	}
	if (stop > p)
		give(item, NVT_WIRE_TEXT, p, (size_t)(stop - p));
	d->after_cr = next == stop && stop[-1] == '\r';
	return (size_t)(next - p);
}

/* The payload is lost: say so, and skip to its end. */
static void
drop(struct nvt_decoder *d, enum nvt_fault why, struct nvt_wire_item *item)
{
	d->dropping = true;
	d->sub.len = 0;
	fault(d, why, item);
}

static void
add(struct nvt_decoder *d, const uint8_t *p, size_t len,
    struct nvt_wire_item *item)
{
	if (d->dropping)
		return;
	if (len > d->sub_limit - d->sub.len)
		drop(d, NVT_FAULT_SUB_OVERFLOW, item);
	else if (nvt__buf_append(&d->sub, p, len) != 0)
		drop(d, NVT_FAULT_NOMEM, item);
}

/* Payload from p up to the next IAC. */
static size_t
take_body(struct nvt_decoder *d, const uint8_t *p, const uint8_t *end,
    struct nvt_wire_item *item)
{
	const uint8_t *iac = memchr(p, NVT_CMD_IAC, (size_t)(end - p));
	size_t len = (size_t)((iac != NULL ? iac : end) - p);

	/* MCCP1 ends in the middle; step() watches it byte by byte. */
	if (d->option == NVT_OPT_MCCP1 && !d->dropping)
		return 0;
	add(d, p, len, item);
	return len;
}

static enum state
end_sub(struct nvt_decoder *d, struct nvt_wire_item *item)
{
	static const uint8_t nothing[1];

	if (!d->dropping) {
		item->option = d->option;
		give(item, NVT_WIRE_SUB, d->sub.len > 0 ? d->sub.data : nothing,
		    d->sub.len);
	}
	return AT_DATA;
}

static enum state
got_command(struct nvt_decoder *d, const uint8_t *p, struct nvt_wire_item *item)
{
	switch (*p) {
	case NVT_CMD_IAC:
		give(item, NVT_WIRE_TEXT, p, 1);
		return AT_DATA;
	case NVT_CMD_SB:
		return AT_SB;
	case NVT_CMD_WILL:
	case NVT_CMD_WONT:
	case NVT_CMD_DO:
	case NVT_CMD_DONT:
		d->verb = *p;
		return AT_VERB;
	case NVT_CMD_SE:
		d->option = 0;
		fault(d, NVT_FAULT_STRAY_SE, item);
		return AT_DATA;
	default:
		item->type = NVT_WIRE_COMMAND;
		item->command = *p;
		return AT_DATA;
	}
}

static enum state
got_negotiation(
    struct nvt_decoder *d, uint8_t option, struct nvt_wire_item *item)
{
	item->type = NVT_WIRE_NEGOTIATION;
	item->command = d->verb;
	item->option = option;
	return AT_DATA;
}

static enum state
begin_body(struct nvt_decoder *d, uint8_t option)
{
	d->option = option;
	d->dropping = false;
	d->sub.len = 0;
	return AT_BODY;
}

/*
 * IAC SB IAC: option 255 (RFC 861) cannot be told from a command, so it is
 * not there.  What looks like its payload must not become text.
 */
static enum state
got_no_option(struct nvt_decoder *d, uint8_t c, struct nvt_wire_item *item)
{
	begin_body(d, 0);
	drop(d, NVT_FAULT_SUB_NO_OPTION, item);
	if (c == NVT_CMD_SE)
		return AT_DATA;
	return c == NVT_CMD_IAC ? AT_BODY : AT_UNREAD_IAC;
}

/* MCCP1 is begun by IAC SB MCCP1 WILL SE, without the IAC before SE. */
static enum state
got_body(struct nvt_decoder *d, const uint8_t *p, struct nvt_wire_item *item)
{
	if (*p == NVT_CMD_IAC)
		return AT_BODY_IAC;
	if (*p == NVT_CMD_SE && d->sub.len == 1 &&
	    d->sub.data[0] == NVT_CMD_WILL)
		return end_sub(d, item);
	add(d, p, 1, item);
	return AT_BODY;
}

static enum state
got_body_iac(
    struct nvt_decoder *d, const uint8_t *p, struct nvt_wire_item *item)
{
	if (*p == NVT_CMD_SE)
		return end_sub(d, item);
	if (*p == NVT_CMD_IAC) {
		add(d, p, 1, item);
		return AT_BODY;
	}
	if (!d->dropping)
		fault(d, NVT_FAULT_SUB_INTERRUPTED, item);
	return AT_UNREAD_IAC;
}

static enum state
step(struct nvt_decoder *d, const uint8_t *p, struct nvt_wire_item *item)
{
	switch (d->state) {
	case AT_DATA:
		d->after_cr = false;
		return AT_IAC;
	case AT_IAC:
	case AT_UNREAD_IAC:
		return got_command(d, p, item);
	case AT_VERB:
		return got_negotiation(d, *p, item);
	case AT_SB:
		return *p == NVT_CMD_IAC ? AT_SB_IAC : begin_body(d, *p);
	case AT_SB_IAC:
		return got_no_option(d, *p, item);
	case AT_BODY:
		return got_body(d, p, item);
	case AT_BODY_IAC:
		return got_body_iac(d, p, item);
	}
	return AT_DATA;
}

/*
 * The step that streams with a mark at each line take most: IAC and a command
 * in one piece.  Taken at once, it costs a third of what two steps do.
 */
static bool
is_plain_command(const uint8_t *in, size_t len)
{
	return len >= 2 && in[0] == NVT_CMD_IAC && in[1] < NVT_CMD_SB &&
	    in[1] != NVT_CMD_SE;
}

int
nvt_decoder_new(size_t sub_limit, struct nvt_decoder **out)
{
	struct nvt_decoder *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NVT_ERR_NOMEM;
	d->sub_limit = sub_limit != 0 ? sub_limit : NVT_SUB_LIMIT_DEFAULT;
	*out = d;
	return 0;
}

void
nvt_decoder_free(struct nvt_decoder *d)
{
	if (d == NULL)
		return;
	nvt__buf_free(&d->sub);
	free(d);
}

void
nvt_decoder_set_binary(struct nvt_decoder *d, bool on)
{
	d->binary = on;
}

void
nvt_decoder_set_enter(struct nvt_decoder *d, bool on)
{
	d->enter = on;
}

size_t
nvt_decoder_feed(struct nvt_decoder *d, const uint8_t *in, size_t len,
    struct nvt_wire_item *item)
{
	const uint8_t *p = in, *end = in + len;
	size_t taken;

	if (d->state == AT_DATA && is_plain_command(in, len)) {
		d->after_cr = false;
		item->type = NVT_WIRE_COMMAND;
		item->command = in[1];
		return 2;
	}
	item->type = NVT_WIRE_NONE;
	while (p < end && item->type == NVT_WIRE_NONE) {
		taken = 0;
		if (d->state == AT_DATA && *p != NVT_CMD_IAC)
			taken = take_text(d, p, end, item);
		else if (d->state == AT_BODY)
			taken = take_body(d, p, end, item);
		p += taken;
		if (taken > 0)
			continue;
		d->state = step(d, p, item);
		if (d->state != AT_UNREAD_IAC)
			p++;
	}
	return (size_t)(p - in);
}

void
nvt_decoder_end(struct nvt_decoder *d, struct nvt_wire_item *item)
{
	item->type = NVT_WIRE_NONE;
	if (d->state != AT_BODY && d->state != AT_BODY_IAC)
		d->option = 0;
	if (d->state != AT_DATA)
		fault(d, NVT_FAULT_TRUNCATED, item);
	d->state = AT_DATA;
	d->binary = d->after_cr = d->dropping = false;
	d->sub.len = 0;
}

void
nvt_decoder_trim(struct nvt_decoder *d)
{
	if (d->state != AT_BODY && d->state != AT_BODY_IAC)
		d->sub.len = 0;
	nvt__buf_trim(&d->sub);
}
