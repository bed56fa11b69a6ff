/*
 * hash.c - passwords and their hashes, by libcrypt.  crypt(3), crypt(5).
 */
#define _GNU_SOURCE /* explicit_bzero, crypt_r */
#include "server/hash.h"

#include <crypt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define METHOD "$y$"

void
hash_forget(void *secret, unsigned long len)
{
	explicit_bzero(secret, len);
}

/* Every byte is looked at, so that time does not tell how many agree. */
static bool
same(const char *a, const char *b)
{
	size_t len = strlen(a);
	uint8_t differs = 0;

	if (strlen(b) != len)
		return false;
	for (size_t i = 0; i < len; i++)
		differs = (uint8_t)(differs | (a[i] ^ b[i]));
	return differs == 0;
}

/* The hash of password under setting: true and out, or false. */
static bool
compute(const char *password, const char *setting, char out[HASH_MAX + 1])
{
	struct crypt_data *data = calloc(1, sizeof(*data));
	const char *result;
	bool done;

	if (data == NULL)
		return false;
	result = crypt_r(password, setting, data);
	/* A failure is no null pointer but a text that is nobody's hash. */
	done = result != NULL && result[0] != '*' && strlen(result) <= HASH_MAX;
	if (done)
		memcpy(out, result, strlen(result) + 1);
	hash_forget(data, sizeof(*data));
	free(data);
	return done;
}

int
hash_make(const char *password, unsigned cost, char out[HASH_MAX + 1],
    struct report *why)
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];

	if (crypt_gensalt_rn(
		METHOD, cost, NULL, 0, setting, (int)sizeof(setting)) == NULL)
		return report_errno(why, "cannot make a salt");
	if (!compute(password, setting, out))
		return report_errno(why, "cannot compute a hash");
	return 0;
}

bool
hash_is_known(const char *text)
{
	int verdict;

	/* Without a $ it is DES at best, and at worst the password itself. */
	if (text[0] != '$')
		return false;
	verdict = crypt_checksalt(text);
	return verdict == CRYPT_SALT_OK || verdict == CRYPT_SALT_METHOD_LEGACY;
}

bool
hash_check(const char *password, const char *hash)
{
	char result[HASH_MAX + 1];
	bool right = compute(password, hash, result) && same(result, hash);

	hash_forget(result, sizeof(result));
	return right;
}
