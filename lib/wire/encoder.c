/*
 * encoder.c - text, commands and subnegotiations to bytes for the peer.
 *
 * RFC 854 (IAC doubling, p. 14; the ends of lines, p. 11), RFC 855.
 */
#include <string.h>

#include <nvt/wire.h>

/*
 * The next byte of each kind that is not sent as it is.  A kind is searched
 * again only once the text has passed its last find, so no byte is looked at
 * more than once a kind.
 */
struct marks {
	const uint8_t *iac;
	const uint8_t *cr;
	const uint8_t *lf;
	const uint8_t *end;
};

static const uint8_t *
find(const uint8_t *p, const uint8_t *end, int c)
{
	const uint8_t *at = memchr(p, c, (size_t)(end - p));

	return at != NULL ? at : end;
}

static struct marks
first_marks(enum nvt_newline newline, const uint8_t *p, const uint8_t *end)
{
	struct marks m = { end, end, end, end };

	m.iac = find(p, end, NVT_CMD_IAC);
	if (newline != NVT_NEWLINE_RAW)
		m.cr = find(p, end, '\r');
	if (newline == NVT_NEWLINE_CRLF)
		m.lf = find(p, end, '\n');
	return m;
}

/* The text has moved on to p. */
static void
pass_marks(struct marks *m, const uint8_t *p)
{
	if (m->iac < p)
		m->iac = find(p, m->end, NVT_CMD_IAC);
	if (m->cr < p)
		m->cr = find(p, m->end, '\r');
	if (m->lf < p)
		m->lf = find(p, m->end, '\n');
}

static const uint8_t *
nearest(const struct marks *m)
{
	const uint8_t *p = m->iac < m->cr ? m->iac : m->cr;

	return p < m->lf ? p : m->lf;
}

/* Write the pair for the byte at p; returns how many bytes of p it is for. */
static size_t
put_pair(const uint8_t *p, const uint8_t *end, uint8_t *out)
{
	out[0] = *p;
	if (*p == NVT_CMD_IAC) {
		out[1] = NVT_CMD_IAC;
		return 1;
	}
	if (*p == '\n') {
		out[0] = '\r';
		out[1] = '\n';
		return 1;
	}
	if (end - p >= 2 && p[1] == '\n') {
		out[1] = '\n';
		return 2;
	}
	out[1] = 0;
	return 1;
}

size_t
nvt_encode_text(enum nvt_newline newline, const uint8_t *in, size_t len,
    size_t *taken, uint8_t *out, size_t size)
{
	const uint8_t *p = in, *end = in + len, *stop;
	size_t n = 0, run;
	struct marks m;

	/* What lies beyond size bytes cannot be taken: leave it unsearched. */
	m = first_marks(newline, p, size < len ? in + size : end);
	for (;;) {
		stop = nearest(&m);
		run = (size_t)(stop - p);
		if (run > size - n)
			run = size - n;
		if (run > 0)
			memcpy(out + n, p, run);
		n += run;
		p += run;
		if (p != stop || stop == m.end || size - n < 2)
			break;
		p += put_pair(p, end, out + n);
		n += 2;
		pass_marks(&m, p);
	}
	*taken = (size_t)(p - in);
	return n;
}

size_t
nvt_encode_command(uint8_t command, uint8_t *out, size_t size)
{
	if (size >= 2) {
		out[0] = NVT_CMD_IAC;
		out[1] = command;
	}
	return 2;
}

size_t
nvt_encode_negotiation(
    uint8_t command, uint8_t option, uint8_t *out, size_t size)
{
	if (size >= 3) {
		out[0] = NVT_CMD_IAC;
		out[1] = command;
		out[2] = option;
	}
	return 3;
}

static size_t
count_iacs(const uint8_t *p, size_t len)
{
	const uint8_t *end = p + len;
	size_t n = 0;

	if (len == 0)
		return 0;
	for (p = find(p, end, NVT_CMD_IAC); p < end;
	     p = find(p + 1, end, NVT_CMD_IAC))
		n++;
	return n;
}

size_t
nvt_encode_sub(uint8_t option, const uint8_t *payload, size_t len, uint8_t *out,
    size_t size)
{
	size_t need = len + count_iacs(payload, len) + 5, taken, n;

	if (need > size)
		return need;
	out[0] = NVT_CMD_IAC;
	out[1] = NVT_CMD_SB;
	out[2] = option;
	n = 3;
	if (len > 0)
		n += nvt_encode_text(
		    NVT_NEWLINE_RAW, payload, len, &taken, out + n, size - n);
	out[n++] = NVT_CMD_IAC;
	out[n++] = NVT_CMD_SE;
	return need;
}
