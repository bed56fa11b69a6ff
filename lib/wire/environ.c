/*
 * environ.c - variables of NEW-ENVIRON: RFC 1572.
 *
 * VAR, VALUE, ESC and USERVAR in a name or value have an ESC before them.
 */
#include <nvt/wire.h>

#include "wire/put.h"

enum { VAR = 0, VALUE = 1, ESC = 2, USERVAR = 3 };

/* The end of the name or value at p: the next unescaped mark, or end. */
static const uint8_t *
string_end(const uint8_t *p, const uint8_t *end)
{
	while (p < end && *p != VAR && *p != VALUE && *p != USERVAR)
		p += *p == ESC && end - p >= 2 ? 2 : 1;
	return p;
}

/* Take one variable: 0, or NVT_ERR_MALFORMED. */
static int
take_var(struct nvt_environ *e, struct nvt_environ_var *out)
{
	const uint8_t *p = e->pos, *stop;

	if (*p != VAR && *p != USERVAR)
		return NVT_ERR_MALFORMED;
	out->kind = (enum nvt_environ_kind) * p++;
	stop = string_end(p, e->end);
	out->name = p;
	out->name_len = (size_t)(stop - p);
	out->value = NULL;
	out->value_len = 0;
	if (stop < e->end && *stop == VALUE) {
		if (e->verb == NVT_SUB_SEND)
			return NVT_ERR_MALFORMED;
		p = stop + 1;
		stop = string_end(p, e->end);
		out->value = p;
		out->value_len = (size_t)(stop - p);
	}
	e->pos = stop;
	return 0;
}

/* Whether the last byte is an ESC with nothing to escape. */
static bool
ends_in_esc(const uint8_t *p, const uint8_t *end)
{
	while (p < end) {
		if (*p == ESC && ++p == end)
			return true;
		p++;
	}
	return false;
}

int
nvt_environ_parse(const uint8_t *p, size_t len, struct nvt_environ *out)
{
	struct nvt_environ e;
	struct nvt_environ_var var;

	if (len == 0 || p[0] > NVT_SUB_INFO || ends_in_esc(p + 1, p + len))
		return NVT_ERR_MALFORMED;
	e.verb = (enum nvt_sub_verb)p[0];
	e.pos = p + 1;
	e.end = p + len;
	while (e.pos < e.end)
		if (take_var(&e, &var) != 0)
			return NVT_ERR_MALFORMED;
	e.pos = p + 1;
	*out = e;
	return 0;
}

int
nvt_environ_next(struct nvt_environ *e, struct nvt_environ_var *out)
{
	struct nvt_environ_var var;

	if (e->pos >= e->end || take_var(e, &var) != 0)
		return 0;
	*out = var;
	return 1;
}

size_t
nvt_environ_unescape(const uint8_t *in, size_t len, uint8_t *out)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (in[i] == ESC && i + 1 < len)
			i++;
		if (out != NULL)
			out[n] = in[i];
		n++;
	}
	return n;
}

static void
put_escaped(struct nvt__put *p, const uint8_t *in, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (in[i] <= USERVAR)
			nvt__put(p, ESC);
		nvt__put(p, in[i]);
	}
}

static size_t
put_var(const struct nvt_environ_var *in, uint8_t *out, size_t size)
{
	struct nvt__put p = { out, size, 0 };

	nvt__put(&p, (uint8_t)in->kind);
	put_escaped(&p, in->name, in->name_len);
	if (in->value != NULL) {
		nvt__put(&p, VALUE);
		put_escaped(&p, in->value, in->value_len);
	}
	return p.len;
}

size_t
nvt_environ_var_write(
    const struct nvt_environ_var *in, uint8_t *out, size_t size)
{
	size_t need = put_var(in, NULL, 0);

	return need > size ? need : put_var(in, out, size);
}
