/*
 * cmd_passwd.c - nvt passwd: make a line of a file of accounts.
 */
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/password.h"
#include "server/account_file.h"
#include "server/hash.h"

enum { OPT_FILE = 1, OPT_PASSWORD_FD, OPT_PASSWORD_FILE, OPT_COST };

/* clang-format off */
static const struct option_spec options[] = {
	{ OPT_FILE, 'f', "file", "FILE",
	    "put the line into FILE, instead of printing it" },
	{ OPT_PASSWORD_FD, 0, "password-fd", "N",
	    "read the password from descriptor N" },
	{ OPT_PASSWORD_FILE, 0, "password-file", "FILE",
	    "read the password from FILE's first line" },
	{ OPT_COST, 'c', "cost", "N",
	    "of the hash, from 1 to 11; the system's default if not given" },
	{ 0, 0, NULL, NULL, NULL },
};
/* clang-format on */

struct request {
	char user[ACCOUNT_NAME_MAX + 1];
	const char *file;
	const char *password_file;
	unsigned fd;
	bool has_fd;
	unsigned cost;
};

static bool
set_user(const struct options *o, const char *value, struct request *r)
{
	if (r->user[0] != '\0') {
		complain(o->command, "%s: one user at a time", value);
		return false;
	}
	if (!account_name_ok(value)) {
		complain(o->command,
		    "%s: not a name: a letter, digit, _ or ., then those, @ "
		    "and -, %d at most, and not . or ..",
		    value, ACCOUNT_NAME_MAX);
		return false;
	}
	memcpy(r->user, value, strlen(value) + 1);
	return true;
}

/* One option; false: said what is wrong. */
static bool
take(const struct options *o, int id, const char *value, struct request *r)
{
	switch (id) {
	case OPTIONS_OPERAND:
		return set_user(o, value, r);
	case OPT_FILE:
		r->file = value;
		return true;
	case OPT_PASSWORD_FILE:
		r->password_file = value;
		return true;
	case OPT_PASSWORD_FD:
		r->has_fd = true;
		return options_number(
		    o, "password-fd", value, 0, 1u << 20, &r->fd);
	default:
		return options_number(o, "cost", value, 1, 11, &r->cost);
	}
}

/* Without a name it is the one who asks. */
static bool
find_user(const struct options *o, struct request *r)
{
	struct passwd entry, *found = NULL;
	char text[16384];

	if (r->user[0] != '\0')
		return true;
	getpwuid_r(geteuid(), &entry, text, sizeof(text), &found);
	if (found != NULL && account_name_ok(found->pw_name))
		return set_user(o, found->pw_name, r);
	complain(o->command, "name the USER");
	return false;
}

/* What others can read is a password no more. */
static int
check_private(int fd, const char *path, struct report *why)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return report_errno(why, "%s", path);
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return report_set(why,
		    "%s: others may read or write it (mode %03o): chmod 600",
		    path, (unsigned)(st.st_mode & 0777));
	return 0;
}

static int
get_password(
    const struct request *r, char *out, size_t size, struct report *why)
{
	int fd, status;

	if (r->has_fd)
		return password_from_fd((int)r->fd, out, size, why);
	if (r->password_file == NULL)
		return password_ask(r->user, out, size, why);
	fd = open(r->password_file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return report_errno(why, "%s", r->password_file);
	status = check_private(fd, r->password_file, why);
	if (status == 0)
		status = password_from_fd(fd, out, size, why);
	close(fd);
	return status;
}

static int
make_line(const struct request *r, struct report *why)
{
	char password[PASSWORD_MAX + 1], hash[HASH_MAX + 1];
	int status;

	/* Nobody is to type a password for nothing. */
	if (r->file != NULL && account_file_check(r->file, why) != 0)
		return -1;
	status = get_password(r, password, sizeof(password), why);
	if (status == 0)
		status = hash_make(password, r->cost, hash, why);
	hash_forget(password, sizeof(password));
	if (status != 0)
		return -1;
	if (r->file != NULL)
		return account_file_set(r->file, r->user, hash, why);
	printf("%s:%s\n", r->user, hash);
	return 0;
}

static enum status
exec(const struct command *self, int argc, char **argv)
{
	struct request r = { .cost = 0 };
	const char *value = NULL;
	struct report why;
	struct options o;
	int id;

	(void)argc;
	options_init(&o, self->options, argv);
	while ((id = options_next(&o, &value)) != OPTIONS_END) {
		if (id == OPTIONS_HELP)
			return command_help_print(self);
		if (id == OPTIONS_ERROR || !take(&o, id, value, &r))
			return STATUS_USAGE;
	}
	if (options_rest(&o) != NULL || (r.has_fd && r.password_file != NULL)) {
		complain(self->name,
		    r.has_fd ? "either --password-fd or --password-file" :
			       "-- is of no use here");
		return STATUS_USAGE;
	}
	if (!find_user(&o, &r))
		return STATUS_USAGE;
	if (make_line(&r, &why) == 0)
		return STATUS_DONE;
	complain(self->name, "%s", why.text);
	return STATUS_FAILED;
}

const struct command command_passwd = {
	.name = "passwd",
	.summary = "Make a line of a file of accounts",
	.usage = "[OPTIONS] [USER]",
	.page = "nvt-passwd(1)",
	.options = options,
	.exec = exec,
};
