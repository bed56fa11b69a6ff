/*
 * port_file.c - the file that says where we listen.
 */
#define _GNU_SOURCE /* mkstemp */
#include "server/port_file.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Takes fd.  Where we listen is no secret. */
static bool
fill(int fd, const struct sockets *sockets, struct port_file *out)
{
	FILE *file = fdopen(fd, "w");
	struct stat st;
	bool good;

	if (file == NULL) {
		close(fd);
		return false;
	}
	sockets_print(sockets, file, "", " ");
	good =
	    fflush(file) == 0 && fchmod(fd, 0644) == 0 && fstat(fd, &st) == 0;
	if (good) {
		out->device = st.st_dev;
		out->number = st.st_ino;
	}
	return fclose(file) == 0 && good;
}

/* Whole or not at all: who waits for the file reads it once it is there. */
int
port_file_write(const char *path, const struct sockets *sockets,
    struct port_file *out, struct report *why)
{
	char temporary[PATH_MAX];
	int fd;

	out->path = NULL;
	if (path == NULL)
		return 0;
	if ((size_t)snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >=
	    sizeof(temporary))
		return report_set(why, "%s: the name is too long", path);
	fd = mkstemp(temporary);
	if (fd < 0)
		return report_errno(why, "--port-file %s", path);
	if (fill(fd, sockets, out) && rename(temporary, path) == 0) {
		out->path = path;
		return 0;
	}
	report_errno(why, "--port-file %s", path);
	unlink(temporary);
	return -1;
}

void
port_file_remove(const struct port_file *file)
{
	struct stat st;

	if (file->path != NULL && stat(file->path, &st) == 0 &&
	    st.st_dev == file->device && st.st_ino == file->number)
		unlink(file->path);
}
