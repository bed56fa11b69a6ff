/*
 * options.h - the options of a command line, from a table that is its help as
 * well.
 *
 * Call options_next() until OPTIONS_END.  -x VALUE, -xVALUE, -xyz, --name
 * VALUE and --name=VALUE are understood; options and operands may be mixed;
 * behind "--" all is left to the caller: options_rest().  What is wrong is
 * said by options_next() itself.  Every command has -h and --help.
 */
#ifndef NVT_CLI_OPTIONS_H
#define NVT_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct option_spec {
	int id;            /* what options_next() returns; above 0 */
	char letter;       /* 0: none */
	const char *name;  /* without the dashes; NULL ends the table */
	const char *value; /* what it takes, such as "FILE"; NULL: nothing */
	const char *help;
};

enum {
	OPTIONS_END = 0,
	OPTIONS_OPERAND = -1, /* value is one */
	OPTIONS_HELP = -2,    /* -h, --help */
	OPTIONS_ERROR = -3    /* said already */
};

struct options {
	const char *command;
	const struct option_spec *specs;
	char **argv;         /* ends in NULL */
	const char *cluster; /* the letters left of -xyz; NULL: none */
};

/* argv[0] is the command's name. */
void
options_init(struct options *o, const struct option_spec *specs, char **argv);

/* The id of the next option, or one of the above; *value is borrowed. */
int options_next(struct options *o, const char **value);

/* What follows "--"; NULL if there was none. */
char **options_rest(const struct options *o);

/* Print the table. */
void options_print(const struct option_spec *specs);

/*
 * The values that options take; name is for the complaint.  false: said.
 * Seconds may have a fraction, and are from min_ms to a day.
 */
bool options_number(const struct options *o, const char *name,
    const char *value, unsigned min, unsigned max, unsigned *out);
bool options_seconds(const struct options *o, const char *name,
    const char *value, int min_ms, int *ms);

#endif /* NVT_CLI_OPTIONS_H */
