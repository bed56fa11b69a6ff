/*
 * options.c - the options of a command line, from a table.
 */
#include "cli/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/complain.h"
#include "cli/nearest.h"

enum { DAY_MS = 24 * 3600 * 1000 };

void
options_init(struct options *o, const struct option_spec *specs, char **argv)
{
	o->command = argv[0];
	o->specs = specs;
	o->argv = argv + 1;
	o->cluster = NULL;
}

static const struct option_spec *
find_letter(const struct option_spec *spec, char letter)
{
	for (; spec->name != NULL; spec++)
		if (spec->letter == letter)
			return spec;
	return NULL;
}

static const struct option_spec *
find_name(const struct option_spec *spec, const char *name, size_t len)
{
	for (; spec->name != NULL; spec++)
		if (strlen(spec->name) == len &&
		    memcmp(spec->name, name, len) == 0)
			return spec;
	return NULL;
}

static int
unknown_name(const struct options *o, const char *name, size_t len)
{
	const struct option_spec *spec, *best = NULL;
	size_t distance, least = NEAREST_FAR;
	char word[64];

	snprintf(word, sizeof(word), "%.*s", (int)len, name);
	for (spec = o->specs; spec->name != NULL; spec++) {
		distance = nearest_distance(word, spec->name);
		if (distance < least) {
			least = distance;
			best = spec;
		}
	}
	if (best != NULL)
		complain(o->command, "--%s: no such option; --%s?", word,
		    best->name);
	else
		complain(o->command,
		    "--%s: no such option; nvt help %s "
		    "lists them",
		    word, o->command);
	return OPTIONS_ERROR;
}

/* The value of an option that takes one: the rest of its word, or the next. */
static bool
take_value(struct options *o, const char *rest, const char **value)
{
	if (rest != NULL) {
		*value = rest;
		return true;
	}
	if (*o->argv == NULL)
		return false;
	*value = *o->argv++;
	return true;
}

static int
next_letter(struct options *o, const char **value)
{
	char letter = *o->cluster++;
	const struct option_spec *spec = find_letter(o->specs, letter);
	const char *rest = o->cluster;

	if (*rest == '\0')
		rest = o->cluster = NULL;
	if (spec == NULL && letter == 'h')
		return OPTIONS_HELP;
	if (spec == NULL) {
		complain(o->command,
		    "-%c: no such option; nvt help %s lists "
		    "them",
		    letter, o->command);
		return OPTIONS_ERROR;
	}
	if (spec->value == NULL)
		return spec->id;
	o->cluster = NULL;
	if (take_value(o, rest, value))
		return spec->id;
	complain(o->command, "-%c: %s is missing", letter, spec->value);
	return OPTIONS_ERROR;
}

static int
next_name(struct options *o, const char *name, const char **value)
{
	size_t len = strcspn(name, "=");
	const char *rest = name[len] == '=' ? name + len + 1 : NULL;
	const struct option_spec *spec = find_name(o->specs, name, len);

	if (spec == NULL && strcmp(name, "help") == 0)
		return OPTIONS_HELP;
	if (spec == NULL)
		return unknown_name(o, name, len);
	if (spec->value == NULL && rest == NULL)
		return spec->id;
	if (spec->value == NULL) {
		complain(o->command, "--%s: takes no value", spec->name);
		return OPTIONS_ERROR;
	}
	if (take_value(o, rest, value))
		return spec->id;
	complain(o->command, "--%s: %s is missing", spec->name, spec->value);
	return OPTIONS_ERROR;
}

int
options_next(struct options *o, const char **value)
{
	const char *word;

	if (o->cluster != NULL)
		return next_letter(o, value);
	word = *o->argv;
	if (word == NULL || strcmp(word, "--") == 0)
		return OPTIONS_END;
	o->argv++;
	if (word[0] != '-' || word[1] == '\0') {
		*value = word;
		return OPTIONS_OPERAND;
	}
	if (word[1] == '-')
		return next_name(o, word + 2, value);
	o->cluster = word + 1;
	return next_letter(o, value);
}

char **
options_rest(const struct options *o)
{
	return *o->argv == NULL ? NULL : o->argv + 1;
}

static void
print_one(const struct option_spec *spec)
{
	char left[40];

	snprintf(left, sizeof(left), "%c%c%s --%s%s%s",
	    spec->letter != 0 ? '-' : ' ',
	    spec->letter != 0 ? spec->letter : ' ',
	    spec->letter != 0 ? "," : " ", spec->name,
	    spec->value != NULL ? " " : "",
	    spec->value != NULL ? spec->value : "");
	printf("  %-28s %s\n", left, spec->help);
}

void
options_print(const struct option_spec *specs)
{
	static const struct option_spec help = { 1, 'h', "help", NULL,
		"print this" };

	for (; specs->name != NULL; specs++)
		print_one(specs);
	print_one(&help);
}

bool
options_number(const struct options *o, const char *name, const char *value,
    unsigned min, unsigned max, unsigned *out)
{
	unsigned long number;
	char *end;

	number = strtoul(value, &end, 10);
	if (value[0] >= '0' && value[0] <= '9' && *end == '\0' &&
	    number >= min && number <= max) {
		*out = (unsigned)number;
		return true;
	}
	complain(o->command, "--%s: %s is not a number from %u to %u", name,
	    value, min, max);
	return false;
}

bool
options_seconds(const struct options *o, const char *name, const char *value,
    int min_ms, int *ms)
{
	double seconds;
	char *end;

	seconds = strtod(value, &end);
	if (strspn(value, "0123456789.") == strlen(value) && end != value &&
	    *end == '\0' && seconds * 1000 >= min_ms &&
	    seconds * 1000 <= DAY_MS) {
		*ms = (int)(seconds * 1000 + 0.5);
		return true;
	}
	complain(o->command, "--%s: %s is not a time from %g to %d seconds",
	    name, value, min_ms / 1000.0, DAY_MS / 1000);
	return false;
}
