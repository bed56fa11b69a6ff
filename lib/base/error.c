/*
 * error.c - the names and texts of NVT_ERRORS, and the version.
 */
#include <nvt/error.h>

/* clang-format off */
static const struct {
	int number;
	const char *name;
	const char *text;
} errors[] = {
	{ NVT_OK, "NVT_OK", "no error" },
#define ROW(name, number, text) { number, "NVT_ERR_" #name, text },
	NVT_ERRORS(ROW)
#undef ROW
};
/* clang-format on */

enum { ERROR_COUNT = sizeof(errors) / sizeof(errors[0]) };

const char *
nvt_error_text(int error)
{
	for (int i = 0; i < ERROR_COUNT; i++)
		if (errors[i].number == error)
			return errors[i].text;
	return "unknown error";
}

const char *
nvt_error_name(int error)
{
	for (int i = 0; i < ERROR_COUNT; i++)
		if (errors[i].number == error)
			return errors[i].name;
	return "NVT_ERR_UNKNOWN";
}

const char *
nvt_version(void)
{
	return NVT_VERSION;
}
