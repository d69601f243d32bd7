// Helpers must be inlined: only so are they compiled for the level of the kernel that calls them.
#pragma once

#define INLINE static inline __attribute__((always_inline))

// An array that such a loop walks over stays in registers; left to itself the compiler does not unroll long ones.
#define UNROLLED _Pragma("clang loop unroll(full)")
