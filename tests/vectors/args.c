/*
 * args.c - the words after the verb of a `$` or `!` line.
 */
#include "vector.h"

#include <stdlib.h>
#include <string.h>

/* A bare word, or a string in quotes; the caller's to free. */
char *
parse_word(struct place *at)
{
	struct bytes b = { 0 };
	size_t len;

	skip_blanks(at);
	if (*at->p == '\0' || *at->p == '=')
		malformed(at, "a word is missing");
	if (*at->p == '"') {
		parse_string(at, &b);
	} else {
		len = word_length(at);
		bytes_add(&b, at->p, len);
		at->p += len;
	}
	bytes_add(&b, "", 1);
	return (char *)b.data;
}

/* Which of a and b the next word is. */
static bool
parse_either(struct place *at, const char *a, const char *b)
{
	bool is_a;

	skip_blanks(at);
	is_a = word_is(at, a);
	if (!is_a && !word_is(at, b))
		malformed(at, "'%s' or '%s', not '%s'", a, b, at->p);
	at->p += word_length(at);
	return is_a;
}

static bool
parse_flag(struct place *at)
{
	skip_blanks(at);
	if (word_is(at, "yes") || word_is(at, "no"))
		return parse_either(at, "yes", "no");
	return parse_either(at, "on", "off");
}

static uint8_t
parse_code(struct place *at, int (*code)(const char *), const char *noun)
{
	char *word = parse_word(at);
	int value = code(word);

	if (value < 0)
		malformed(at, "no such %s: '%s'", noun, word);
	free(word);
	return (uint8_t)value;
}

static size_t
parse_number(struct place *at)
{
	char *word = parse_word(at), *end;
	unsigned long value = strtoul(word, &end, 10);

	if (end == word || *end != '\0')
		malformed(at, "not a number: '%s'", word);
	free(word);
	return value;
}

static bool
at_end(struct place *at)
{
	skip_blanks(at);
	return *at->p == '\0' || *at->p == '=';
}

static void
add_word(struct place *at, struct args *out)
{
	if (out->n_words == ARGS_MAX)
		malformed(at, "too many words");
	out->words[out->n_words++] = parse_word(at);
}

static void
parse_one(struct place *at, char letter, struct args *out)
{
	switch (letter) {
	case 's':
		out->side = parse_either(at, "local", "remote") ? NVT_LOCAL :
								  NVT_REMOTE;
		return;
	case 'O':
		if (at_end(at))
			return;
		/* FALLTHROUGH */
	case 'o':
		out->option = parse_code(at, nvt_option_code, "option");
		out->has_option = true;
		return;
	case 'c':
		out->command = parse_code(at, nvt_command_code, "command");
		return;
	case 'k':
		out->kind = parse_either(at, "VAR", "USERVAR") ?
		    NVT_ENVIRON_VAR :
		    NVT_ENVIRON_USERVAR;
		return;
	case 'f':
		out->on = parse_flag(at);
		return;
	case 'n':
		out->number = parse_number(at);
		return;
	case 'b':
		parse_bytes(at, &out->bytes, NULL);
		return;
	case 'W':
		while (!at_end(at))
			add_word(at, out);
		return;
	case 'w':
		add_word(at, out);
		return;
	default:
		abort();
	}
}

void
parse_args(struct place *at, const char *signature, struct args *out)
{
	for (; *signature != '\0'; signature++)
		parse_one(at, *signature, out);
	if (!at_end(at))
		malformed(at, "too much: '%s'", at->p);
}

static bool
take_side(const char **p, uint16_t *out)
{
	unsigned long n;
	char *end;

	if (**p < '0' || **p > '9')
		return false;
	n = strtoul(*p, &end, 10);
	if (n > UINT16_MAX)
		return false;
	*out = (uint16_t)n;
	*p = end;
	return true;
}

bool
parse_window(const char *text, struct nvt_naws *out)
{
	struct nvt_naws naws;

	if (!take_side(&text, &naws.cols) || *text++ != 'x' ||
	    !take_side(&text, &naws.rows) || *text != '\0')
		return false;
	*out = naws;
	return true;
}

void
args_free(struct args *a)
{
	size_t i;

	for (i = 0; i < a->n_words; i++)
		free(a->words[i]);
	bytes_free(&a->bytes);
	*a = (struct args){ 0 };
}
