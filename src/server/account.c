/*
 * account.c - accounts from a file, and whether a password is theirs.
 */
#include "server/account.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * What an unknown name's password is hashed with when the file has no hash to
 * take the method and cost from: yescrypt as the system makes it.
 */
static const char setting_default[] = "$y$j9T$nvtnvtnvtnvtnvtnvtnvt.";

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

bool
account_name_ok(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > ACCOUNT_NAME_MAX)
		return false;
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (is_alnum(name[i]) || name[i] == '_' || name[i] == '.')
			continue;
		if (i == 0 || (name[i] != '@' && name[i] != '-'))
			return false;
	}
	return true;
}

static int
check_file(int fd, const char *path, struct report *why)
{
	struct stat st;
	mode_t others;

	if (fstat(fd, &st) != 0)
		return report_errno(why, "%s", path);
	if (!S_ISREG(st.st_mode))
		return report_set(why, "%s: not a regular file", path);
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return report_set(why, "%s: belongs to another user", path);
	others = st.st_uid == 0 ? S_IWGRP | S_IRWXO : S_IRWXG | S_IRWXO;
	if ((st.st_mode & others) != 0)
		return report_set(why,
		    "%s: others may read or write it (mode %03o): chmod 600",
		    path, (unsigned)(st.st_mode & 0777));
	if (st.st_size > (off_t)ACCOUNT_FILE_MAX)
		return report_set(why, "%s: too large", path);
	return 0;
}

/* Read at most size bytes: how many, or -1. */
static ssize_t
read_all(int fd, char *out, size_t size)
{
	size_t n = 0;
	ssize_t got;

	while (n < size) {
		got = read(fd, out + n, size - n);
		if (got == 0)
			break;
		if (got < 0 && errno != EINTR)
			return -1;
		if (got > 0)
			n += (size_t)got;
	}
	return (ssize_t)n;
}

/* One line without its end: 1 and an account, 0 for none, -1 for neither. */
static int
parse_line(const char *line, size_t len, struct account *out)
{
	const char *colon = memchr(line, ':', len);
	size_t name_len, hash_len;

	if (len == 0 || line[0] == '#')
		return 0;
	if (colon == NULL || memchr(line, '\0', len) != NULL)
		return -1;
	name_len = (size_t)(colon - line);
	hash_len = len - name_len - 1;
	if (name_len > ACCOUNT_NAME_MAX || hash_len == 0 ||
	    hash_len > HASH_MAX || memchr(colon + 1, ':', hash_len) != NULL)
		return -1;
	memcpy(out->name, line, name_len);
	out->name[name_len] = '\0';
	memcpy(out->hash, colon + 1, hash_len);
	out->hash[hash_len] = '\0';
	out->locked = out->hash[0] == '!' || out->hash[0] == '*';
	if (!account_name_ok(out->name))
		return -1;
	return out->locked || hash_is_known(out->hash) ? 1 : -1;
}

/* The line at *pos of text, without its end; moves *pos behind it. */
static size_t
take_line(const struct accounts *a, size_t *pos, const char **line)
{
	const char *end;
	size_t len;

	*line = a->text + *pos;
	end = memchr(*line, '\n', a->len - *pos);
	len = end != NULL ? (size_t)(end - *line) : a->len - *pos;
	*pos += len + (end != NULL ? 1 : 0);
	return len;
}

bool
accounts_next(const struct accounts *a, size_t *pos, struct account *out)
{
	const char *line;
	size_t len;

	while (*pos < a->len) {
		len = take_line(a, pos, &line);
		if (parse_line(line, len, out) == 1)
			return true;
	}
	return false;
}

static int
check_lines(const struct accounts *a, struct report *why)
{
	struct account account;
	unsigned long number = 0;
	size_t pos = 0, len;
	const char *line;

	while (pos < a->len) {
		len = take_line(a, &pos, &line);
		number++;
		if (parse_line(line, len, &account) < 0)
			return report_set(why,
			    "line %lu is not USER:HASH, with a HASH that "
			    "begins with $, ! or *",
			    number);
	}
	return 0;
}

int
accounts_parse(
    const char *text, size_t len, struct accounts *out, struct report *why)
{
	struct accounts a = { malloc(len + 1), len };

	if (a.text == NULL)
		return report_errno(why, "accounts");
	if (len > 0)
		memcpy(a.text, text, len);
	a.text[len] = '\0';
	if (check_lines(&a, why) != 0) {
		accounts_free(&a);
		return -1;
	}
	*out = a;
	return 0;
}

/* Read what fd gives into a buffer of the caller's to free. */
static int
slurp(int fd, const char *path, char **text, size_t *len, struct report *why)
{
	struct stat st;
	ssize_t got;

	if (fstat(fd, &st) != 0)
		return report_errno(why, "%s", path);
	*text = malloc((size_t)st.st_size + 1);
	if (*text == NULL)
		return report_errno(why, "%s", path);
	got = read_all(fd, *text, (size_t)st.st_size);
	if (got < 0) {
		report_errno(why, "%s", path);
		free(*text);
		*text = NULL;
		return -1;
	}
	(*text)[got] = '\0';
	*len = (size_t)got;
	return 0;
}

int
accounts_read(const char *path, struct accounts *out, struct report *why)
{
	struct accounts a = { NULL, 0 };
	struct report line;
	int fd, status = -1;

	/* O_NONBLOCK: a FIFO must not hold us up until it is refused. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && errno == ENOENT)
		return report_set(why,
		    "%s: no such file of accounts; nvt passwd --file %s NAME "
		    "makes one",
		    path, path);
	if (fd < 0)
		return report_errno(why, "%s", path);
	if (check_file(fd, path, why) != 0 ||
	    slurp(fd, path, &a.text, &a.len, why) != 0)
		goto done;
	if (check_lines(&a, &line) != 0) {
		report_set(why, "%s: %s", path, line.text);
		goto done;
	}
	*out = a;
	a.text = NULL;
	status = 0;
done:
	close(fd);
	accounts_free(&a);
	return status;
}

void
accounts_free(struct accounts *a)
{
	if (a->text != NULL)
		hash_forget(a->text, a->len);
	free(a->text);
	a->text = NULL;
	a->len = 0;
}

/*
 * The account of that name, and the first that is not locked; each without a
 * name, and locked, if there is none.  All of the file is walked, wherever the
 * name stands in it.
 */
static void
find(const struct accounts *a, const char *name, struct account *named,
    struct account *open)
{
	struct account account;
	size_t pos = 0;

	*named = *open = (struct account){ "", "", true };
	while (accounts_next(a, &pos, &account)) {
		if (open->locked && !account.locked)
			*open = account;
		if (named->name[0] == '\0' && strcmp(account.name, name) == 0)
			*named = account;
	}
	hash_forget(&account, sizeof(account));
}

bool
accounts_check(const struct accounts *a, const char *name, const char *password,
    bool *known)
{
	const char *hash = setting_default;
	struct account named, open;
	bool right;

	find(a, name, &named, &open);
	*known = named.name[0] != '\0';
	if (!named.locked)
		hash = named.hash;
	else if (!open.locked)
		hash = open.hash;
	right = hash_check(password, hash) && !named.locked;
	hash_forget(&named, sizeof(named));
	hash_forget(&open, sizeof(open));
	return right;
}
