/*
 * parse.c - a vector file becomes vectors.
 */
#include "vector.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct step *
add_step(struct place *at, struct vector *v, char kind)
{
	struct step *s;

	if (v == NULL)
		malformed(at, "'%c' before the first '='", kind);
	v->v = must_realloc(v->v, (v->n + 1) * sizeof(*v->v));
	s = &v->v[v->n++];
	*s = (struct step){ .kind = kind, .line = at->line };
	return s;
}

static struct log *
last_log(struct place *at, struct vector *v)
{
	if (v == NULL || v->n == 0)
		malformed(at, "nothing has been done yet");
	return &v->v[v->n - 1].want;
}

static void
begin_vector(struct place *at, struct vectors *vs)
{
	struct vector *v;

	if (*at->p == '\0')
		malformed(at, "a vector needs a title");
	vs->v = must_realloc(vs->v, (vs->n + 1) * sizeof(*vs->v));
	v = &vs->v[vs->n++];
	*v = (struct vector){ .file = at->file, .line = at->line };
	v->title = must_strdup(at->p);
}

static void
end_bytes(struct place *at)
{
	if (*at->p != '\0')
		malformed(at, "too much: '%s'", at->p);
}

static void
parse_input(struct place *at, struct vector *v)
{
	struct step *s = add_step(at, v, '<');

	parse_bytes(at, &s->bytes, NULL);
	end_bytes(at);
}

static void
parse_output(struct place *at, struct vector *v)
{
	struct log *log = last_log(at, v);
	struct bytes b;
	bool urgent = true;

	while (urgent) {
		b = (struct bytes){ 0 };
		parse_bytes(at, &b, &urgent);
		log_bytes(log, LOG_OUT, at->line, b.data, b.len);
		if (urgent)
			(void)log_add(log, LOG_URGENT, at->line);
		bytes_free(&b);
	}
	end_bytes(at);
}

static void
parse_time(struct place *at, struct vector *v)
{
	struct step *s = add_step(at, v, '@');
	char *end;

	s->ms = strtoul(at->p, &end, 10);
	if (end == at->p || *end != '\0')
		malformed(at, "not a time: '%s'", at->p);
}

static void
parse_line(struct place *at, struct vectors *vs)
{
	struct vector *v = vs->n > 0 ? &vs->v[vs->n - 1] : NULL;
	char kind = *at->p;

	if (kind == '\0' || kind == '#')
		return;
	if (strchr("=<>!$@", kind) == NULL)
		malformed(at, "a line begins with one of # = < > ! $ @");
	at->p++;
	skip_blanks(at);
	if (kind == '=')
		begin_vector(at, vs);
	else if (kind == '<')
		parse_input(at, v);
	else if (kind == '>')
		parse_output(at, v);
	else if (kind == '!')
		parse_event(at, last_log(at, v));
	else if (kind == '$')
		parse_ask(at, &add_step(at, v, '$')->ask);
	else
		parse_time(at, v);
}

static void
strip_end(char *line, size_t len)
{
	while (len > 0 && strchr(" \t\r\n", line[len - 1]) != NULL)
		len--;
	line[len] = '\0';
}

void
parse_file(const char *path, struct vectors *out)
{
	struct place at = { .file = path, .line = 0 };
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	FILE *f = fopen(path, "r");

	if (f == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(2);
	}
	while ((len = getline(&line, &size, f)) >= 0) {
		at.line++;
		if (strlen(line) != (size_t)len)
			malformed(&at, "a NUL byte");
		strip_end(line, (size_t)len);
		at.p = line;
		parse_line(&at, out);
	}
	free(line);
	fclose(f);
	if (out->n == 0)
		malformed(&at, "no vector");
}

size_t
vector_bytes(const struct vector *v)
{
	size_t i, n = 0;

	for (i = 0; i < v->n; i++)
		n += v->v[i].bytes.len;
	return n;
}

static void
vector_free(struct vector *v)
{
	size_t i;

	for (i = 0; i < v->n; i++) {
		bytes_free(&v->v[i].bytes);
		args_free(&v->v[i].ask.args);
		log_clear(&v->v[i].want);
	}
	free(v->v);
	free(v->title);
}

void
vectors_free(struct vectors *vs)
{
	size_t i;

	for (i = 0; i < vs->n; i++)
		vector_free(&vs->v[i]);
	free(vs->v);
	*vs = (struct vectors){ 0 };
}
