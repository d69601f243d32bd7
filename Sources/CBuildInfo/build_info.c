#include "build_info.h"

const char *eos_build_commit(void) { return EOS_BUILD_COMMIT; }

int eos_build_dirty(void) { return EOS_BUILD_DIRTY; }
