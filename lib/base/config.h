/*
 * config.h - a caller's configuration, of this version's size or another's.
 */
#ifndef NVT_BASE_CONFIG_H
#define NVT_BASE_CONFIG_H

#include <stddef.h>

/*
 * Copy the configuration at given, whose first member is its size in bytes,
 * into own, which has own_size.  What a shorter, older one lacks becomes 0.  0,
 * or NVT_ERR_ARG for a size that cannot be, or a newer one that sets something
 * we do not know.  own is untouched then.
 */
int nvt__config_read(void *own, size_t own_size, const void *given);

#endif /* NVT_BASE_CONFIG_H */
