/*
 * identity.c - as whom a session's program runs.
 */
#define _GNU_SOURCE /* initgroups, getresuid, getresgid */
#include "server/identity.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Entries of passwd(5) are lines; this is a long one. */
enum { ENTRY_MAX = 16384 };

/* false if it does not fit. */
static bool
copy(char *out, size_t size, const char *text)
{
	return (size_t)snprintf(out, size, "%s", text) < size;
}

static int
fill(const struct passwd *entry, struct identity *out, struct report *why)
{
	const char *shell = entry->pw_shell;

	/* passwd(5): an empty field is the Bourne shell. */
	if (shell == NULL || shell[0] == '\0')
		shell = "/bin/sh";
	out->uid = entry->pw_uid;
	out->gid = entry->pw_gid;
	out->change = geteuid() == 0;
	if (!copy(out->name, sizeof(out->name), entry->pw_name) ||
	    !copy(out->home, sizeof(out->home), entry->pw_dir) ||
	    !copy(out->shell, sizeof(out->shell), shell))
		return report_set(why, "its entry in passwd is too long");
	return 0;
}

/* 1 if the system has such a user, 0 if not, -1 and why. */
static int
find_user(const char *name, struct identity *out, struct report *why)
{
	struct passwd entry, *found = NULL;
	char text[ENTRY_MAX];
	int error;

	error = getpwnam_r(name, &entry, text, sizeof(text), &found);
	if (found != NULL)
		return fill(found, out, why) == 0 ? 1 : -1;
	if (error == 0)
		return 0;
	errno = error;
	return report_errno(why, "cannot look %s up", name);
}

static int
find_self(struct identity *out, struct report *why)
{
	struct passwd entry, *found = NULL;
	char text[ENTRY_MAX];

	getpwuid_r(geteuid(), &entry, text, sizeof(text), &found);
	if (found == NULL)
		return report_set(why, "our own user has no passwd entry");
	return fill(found, out, why);
}

int
identity_find(const char *name, const char *other, struct identity *out,
    struct report *why)
{
	int found = 0;

	if (geteuid() != 0)
		return find_self(out, why);
	if (name != NULL)
		found = find_user(name, out, why);
	if (found == 0 && other != NULL)
		found = find_user(other, out, why);
	if (found == 0 && name == NULL)
		return report_set(
		    why, "as root, --user NAME has to say who runs programs");
	if (found == 0)
		return report_set(why,
		    "no user of this system, and no --user to run as instead");
	return found > 0 ? 0 : -1;
}

/* Whether we are that user and group in every respect, and nobody else. */
static bool
is_become(const struct identity *id)
{
	uid_t real, effective, saved;
	gid_t rgid, egid, sgid;

	if (getresuid(&real, &effective, &saved) != 0 ||
	    getresgid(&rgid, &egid, &sgid) != 0)
		return false;
	if (real != id->uid || effective != id->uid || saved != id->uid ||
	    rgid != id->gid || egid != id->gid || sgid != id->gid)
		return false;
	/* What was given up must not be had again. */
	return id->uid == 0 || (setuid(0) != 0 && seteuid(0) != 0);
}

int
identity_become(const struct identity *id, struct report *why)
{
	if (!id->change)
		return 0;
	if (setgid(id->gid) != 0)
		return report_errno(why, "cannot become group of %s", id->name);
	if (initgroups(id->name, id->gid) != 0)
		return report_errno(why, "cannot take groups of %s", id->name);
	if (setuid(id->uid) != 0)
		return report_errno(why, "cannot become %s", id->name);
	if (!is_become(id))
		return report_set(why, "did not become %s for good", id->name);
	return 0;
}
