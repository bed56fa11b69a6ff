/*
 * names.c - the names of commands, options and faults, and back.
 *
 * RFC 854, RFC 855, IANA's registry "Telnet Options".
 */
#include <string.h>

#include <nvt/wire.h>

struct name {
	uint8_t code;
	const char *name;
	const char *more;
};

/* clang-format off */
static const struct name commands[] = {
#define ROW(id, code, text) { code, #id, text },
	NVT_COMMANDS(ROW)
#undef ROW
};

static const struct name options[] = {
#define ROW(id, code, text, source) { code, text, source },
	NVT_OPTIONS(ROW)
#undef ROW
};

static const struct name faults[] = {
	{ NVT_FAULT_NONE, "NONE", "no fault" },
#define ROW(id, text) { NVT_FAULT_##id, #id, text },
	NVT_FAULTS(ROW)
#undef ROW
};
/* clang-format on */

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct name *
by_code(const struct name *list, size_t count, unsigned code)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].code == code)
			return &list[i];
	return NULL;
}

static const char *
name_of(const struct name *row)
{
	return row != NULL ? row->name : NULL;
}

static const char *
more_of(const struct name *row)
{
	return row != NULL ? row->more : NULL;
}

static char
fold(char c)
{
	if (c >= 'a' && c <= 'z')
		return (char)(c - 'a' + 'A');
	return c == '_' ? '-' : c;
}

static bool
same_name(const char *a, const char *b)
{
	while (*a != '\0' && fold(*a) == fold(*b))
		a++, b++;
	return *a == '\0' && *b == '\0';
}

/* A decimal number of 0 to 255, or -1. */
static int
number(const char *text)
{
	int n = 0;

	if (*text == '\0')
		return -1;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		n = n * 10 + (*text - '0');
		if (n > 255)
			return -1;
	}
	return n;
}

static int
by_name(const struct name *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (same_name(list[i].name, name))
			return list[i].code;
	return number(name);
}

const char *
nvt_command_name(uint8_t command)
{
	return name_of(by_code(commands, COUNT(commands), command));
}

const char *
nvt_command_meaning(uint8_t command)
{
	return more_of(by_code(commands, COUNT(commands), command));
}

const char *
nvt_option_name(uint8_t option)
{
	return name_of(by_code(options, COUNT(options), option));
}

const char *
nvt_option_source(uint8_t option)
{
	return more_of(by_code(options, COUNT(options), option));
}

int
nvt_command_code(const char *name)
{
	return by_name(commands, COUNT(commands), name);
}

int
nvt_option_code(const char *name)
{
	return by_name(options, COUNT(options), name);
}

const char *
nvt_fault_text(enum nvt_fault fault)
{
	const char *text = more_of(by_code(faults, COUNT(faults), fault));

	return text != NULL ? text : "unknown fault";
}

const char *
nvt_fault_name(enum nvt_fault fault)
{
	const char *name = name_of(by_code(faults, COUNT(faults), fault));

	return name != NULL ? name : "UNKNOWN";
}
