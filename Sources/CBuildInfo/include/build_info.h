#ifndef EOS_BUILD_INFO_H
#define EOS_BUILD_INFO_H

/* The git commit this program was built from, "unknown" outside a repository. Set by Package.swift. */
const char *_Nonnull eos_build_commit(void);

/* 1 when the work tree had changes that were not committed. */
int eos_build_dirty(void);

#endif
