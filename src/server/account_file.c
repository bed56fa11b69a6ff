/*
 * account_file.c - change one line of a file of accounts.
 *
 * The new text goes to a file beside the old one, which then takes its name:
 * rename(2) is what makes it one step.  A lock on the old file keeps two
 * writers from losing each other's line.
 */
#define _GNU_SOURCE /* flock */
#include "server/account_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Room for what mkstemp() makes unique. */
#define SUFFIX ".XXXXXX"

/* Whether path still names the file that fd is. */
static bool
is_named(int fd, const char *path)
{
	struct stat ours, named;

	return fstat(fd, &ours) == 0 && stat(path, &named) == 0 &&
	    ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

/*
 * Open and lock the file that path names once the lock is held: a writer
 * before us may have put another in its place.  The descriptor, or -1.
 */
static int
open_locked(const char *path)
{
	int flags =
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW;
	int fd;

	for (;;) {
		fd = open(path, flags, 0600);
		if (fd < 0)
			return -1;
		if (flock(fd, LOCK_EX) != 0) {
			close(fd);
			return -1;
		}
		if (is_named(fd, path))
			return fd;
		close(fd);
	}
}

/* Whether the len bytes at line are the account name's. */
static bool
is_of(const char *line, size_t len, const char *name)
{
	size_t n = strlen(name);

	return len > n && memcmp(line, name, n) == 0 && line[n] == ':';
}

/* The old text with the new line in its place. */
static void
put_text(
    FILE *out, const struct accounts *old, const char *name, const char *hash)
{
	const char *p = old->text, *end = old->text + old->len, *stop;
	bool put = false;
	size_t len;

	for (; p < end; p = stop + 1) {
		stop = memchr(p, '\n', (size_t)(end - p));
		if (stop == NULL)
			stop = end;
		len = (size_t)(stop - p);
		if (!is_of(p, len, name)) {
			fwrite(p, 1, len, out);
			fputc('\n', out);
		} else if (!put) {
			fprintf(out, "%s:%s\n", name, hash);
			put = true;
		}
	}
	if (!put)
		fprintf(out, "%s:%s\n", name, hash);
}

/* The owner, the group and then the mode, of which a change of owner takes. */
static int
make_alike(int fd, int old_fd)
{
	struct stat old, now;

	if (fstat(old_fd, &old) != 0 || fstat(fd, &now) != 0)
		return -1;
	if ((old.st_uid != now.st_uid || old.st_gid != now.st_gid) &&
	    fchown(fd, old.st_uid, old.st_gid) != 0)
		return -1;
	return fchmod(fd, old.st_mode & 07777);
}

/* Write the new file at temporary, as the old one's owner has it. */
static int
write_new(int fd, int old_fd, const struct accounts *old, const char *name,
    const char *hash)
{
	FILE *out;
	bool good;

	if (make_alike(fd, old_fd) != 0 || (out = fdopen(fd, "w")) == NULL) {
		close(fd);
		return -1;
	}
	put_text(out, old, name, hash);
	good = fflush(out) == 0 && fsync(fileno(out)) == 0;
	return fclose(out) == 0 && good ? 0 : -1;
}

/* The folder that path is in, in out, which has room for a path. */
static const char *
folder_of(const char *path, char *out)
{
	snprintf(out, PATH_MAX, "%s", path);
	return dirname(out);
}

/* The rename itself has to reach the disk, too. */
static void
sync_folder(const char *path)
{
	char copy[PATH_MAX];
	int fd;

	fd = open(folder_of(path, copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

static int
replace(const char *path, int old_fd, const struct accounts *old,
    const char *name, const char *hash)
{
	char temporary[PATH_MAX];
	int fd, error;

	if ((size_t)snprintf(temporary, sizeof(temporary), "%s" SUFFIX, path) >=
	    sizeof(temporary)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkstemp(temporary);
	if (fd < 0)
		return -1;
	if (write_new(fd, old_fd, old, name, hash) == 0 &&
	    rename(temporary, path) == 0) {
		sync_folder(path);
		return 0;
	}
	error = errno;
	unlink(temporary);
	errno = error;
	return -1;
}

/*
 * Not a symbolic link itself, but what it points to, is replaced.  1 and the
 * real path if there is a file, 0 and path if there is none, -1 and why.
 */
static int
resolve(const char *path, char real[PATH_MAX], struct report *why)
{
	struct stat st;

	if (realpath(path, real) != NULL)
		return 1;
	if (errno != ENOENT || strlen(path) >= PATH_MAX)
		return report_errno(why, "%s", path);
	if (lstat(path, &st) == 0)
		return report_set(why, "%s: a link to nothing", path);
	memcpy(real, path, strlen(path) + 1);
	return 0;
}

int
account_file_check(const char *path, struct report *why)
{
	struct accounts accounts = { NULL, 0 };
	char real[PATH_MAX], copy[PATH_MAX];
	int found = resolve(path, real, why);

	if (found < 0)
		return -1;
	if (found > 0 && accounts_read(real, &accounts, why) != 0)
		return -1;
	accounts_free(&accounts);
	if (access(folder_of(real, copy), W_OK | X_OK) != 0)
		return report_errno(
		    why, "%s: cannot make a file in its folder", path);
	return 0;
}

int
account_file_set(
    const char *path, const char *name, const char *hash, struct report *why)
{
	struct accounts old = { NULL, 0 };
	char real[PATH_MAX];
	int fd, status = -1;

	if (resolve(path, real, why) < 0)
		return -1;
	fd = open_locked(real);
	if (fd < 0)
		return report_errno(why, "%s", path);
	if (accounts_read(real, &old, why) != 0)
		goto done;
	status = replace(real, fd, &old, name, hash);
	if (status != 0)
		report_errno(why, "%s: cannot write it anew", path);
done:
	close(fd);
	accounts_free(&old);
	return status;
}
