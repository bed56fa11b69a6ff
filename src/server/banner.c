/*
 * banner.c - the text shown before the first prompt.
 */
#include "server/banner.h"

#include <stdio.h>

int
banner_read(const char *path, struct banner *out, struct report *why)
{
	FILE *file;
	int c, status = -1;

	out->len = 0;
	if (path == NULL)
		return 0;
	file = fopen(path, "re");
	if (file == NULL)
		return report_errno(why, "--banner %s", path);
	for (int n = 0; (c = getc(file)) != EOF; n++) {
		if (n == BANNER_FILE_MAX) {
			report_set(why, "--banner %s: longer than %d bytes",
			    path, BANNER_FILE_MAX);
			goto done;
		}
		if (c == '\n')
			out->text[out->len++] = '\r';
		out->text[out->len++] = (char)c;
	}
	status = ferror(file) ? report_errno(why, "--banner %s", path) : 0;
done:
	fclose(file);
	return status;
}
