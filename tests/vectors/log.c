/*
 * log.c - what happened: kept, joined, compared, shown.
 */
#include "vector.h"

#include <stdlib.h>
#include <string.h>

#define COLUMN 46

struct entry *
log_add(struct log *log, enum entry_kind kind, int line)
{
	struct entry *e;

	log->v = must_realloc(log->v, (log->n + 1) * sizeof(*log->v));
	e = &log->v[log->n++];
	*e = (struct entry){ .kind = kind, .line = line };
	return e;
}

/* How a stream was cut is nobody's business: neighbours are joined. */
void
log_bytes(struct log *log, enum entry_kind kind, int line, const uint8_t *data,
    size_t len)
{
	struct entry *e = log->n > 0 ? &log->v[log->n - 1] : NULL;

	if (len == 0)
		return;
	if (e == NULL || e->kind != kind)
		e = log_add(log, kind, line);
	bytes_add(&e->bytes, data, len);
}

void
log_event(struct log *log, int line, const char *what, const char *detail)
{
	struct entry *e = log_add(log, LOG_EVENT, line);

	e->what = must_strdup(what);
	if (detail != NULL)
		e->detail = must_strdup(detail);
}

void
log_append(struct log *to, const struct log *from)
{
	const struct entry *e;
	size_t i;

	for (i = 0; i < from->n; i++) {
		e = &from->v[i];
		if (e->kind == LOG_EVENT)
			log_event(to, e->line, e->what, e->detail);
		else if (e->kind == LOG_URGENT)
			(void)log_add(to, LOG_URGENT, e->line);
		else
			log_bytes(
			    to, e->kind, e->line, e->bytes.data, e->bytes.len);
	}
}

void
log_clear(struct log *log)
{
	size_t i;

	for (i = 0; i < log->n; i++) {
		bytes_free(&log->v[i].bytes);
		free(log->v[i].what);
		free(log->v[i].detail);
	}
	free(log->v);
	*log = (struct log){ 0 };
}

/* A detail that the vector leaves out may be anything. */
static bool
same_entry(const struct entry *want, const struct entry *got)
{
	if (want->kind != got->kind || want->bytes.len != got->bytes.len)
		return false;
	if (want->bytes.len > 0 &&
	    memcmp(want->bytes.data, got->bytes.data, want->bytes.len) != 0)
		return false;
	if (want->kind != LOG_EVENT)
		return true;
	if (strcmp(want->what, got->what) != 0)
		return false;
	return want->detail == NULL ||
	    (got->detail != NULL && strcmp(want->detail, got->detail) == 0);
}

static bool
same_order(const struct log *want, const struct log *got)
{
	size_t i;

	if (want->n != got->n)
		return false;
	for (i = 0; i < want->n; i++)
		if (!same_entry(&want->v[i], &got->v[i]))
			return false;
	return true;
}

static struct log
only(const struct log *log, bool output)
{
	struct log part = { 0 }, one;
	size_t i;

	for (i = 0; i < log->n; i++) {
		if ((log->v[i].kind <= LOG_URGENT) != output)
			continue;
		one = (struct log){ .v = &log->v[i], .n = 1 };
		log_append(&part, &one);
	}
	return part;
}

static bool
same_part(const struct log *want, const struct log *got, bool output)
{
	struct log w = only(want, output), g = only(got, output);
	bool same = same_order(&w, &g);

	log_clear(&w);
	log_clear(&g);
	return same;
}

bool
log_same(const struct log *want, const struct log *got, bool strict)
{
	if (strict)
		return same_order(want, got);
	return same_part(want, got, true) && same_part(want, got, false);
}

static char *
entry_text(const struct log *log, size_t i)
{
	const struct entry *e;
	char *text = NULL;
	size_t size;
	FILE *f;

	if (i >= log->n)
		return must_strdup("");
	f = open_memstream(&text, &size);
	if (f == NULL)
		abort();
	e = &log->v[i];
	fputs(e->kind <= LOG_URGENT ? "> " : "! ", f);
	if (e->kind == LOG_OUT)
		print_bytes(f, e->bytes.data, e->bytes.len);
	if (e->kind == LOG_URGENT)
		fputs("URGENT", f);
	if (e->kind == LOG_TEXT) {
		fputs("text ", f);
		print_bytes(f, e->bytes.data, e->bytes.len);
	}
	if (e->kind == LOG_EVENT)
		fputs(e->what, f);
	if (e->detail != NULL)
		fprintf(f, " = %s", e->detail);
	fclose(f);
	return text;
}

void
log_print_both(FILE *f, const struct log *want, const struct log *got)
{
	size_t n = want->n > got->n ? want->n : got->n, i;
	char *left, *right;
	bool same;

	fprintf(f, "    %-*s | %s\n", COLUMN, "expected", "got");
	for (i = 0; i < n; i++) {
		left = entry_text(want, i);
		right = entry_text(got, i);
		same = i < want->n && i < got->n &&
		    same_entry(&want->v[i], &got->v[i]);
		if (strlen(left) <= COLUMN)
			fprintf(f, "  %c %-*s | %s\n", same ? ' ' : '*', COLUMN,
			    left, right);
		else
			fprintf(f, "  %c %s\n    %-*s | %s\n", same ? ' ' : '*',
			    left, COLUMN, "", right);
		free(left);
		free(right);
	}
}
