// What the templates need to know of `double`, in the place of what they knew of `float`.
#undef REAL
#undef REAL_BYTES
#undef BITS
#undef NAME
#undef WIDTH
#undef MANTISSA_BITS
#undef LARGEST
#undef ROUNDER
#undef LOG2_E
#undef LN2_HIGH
#undef LN2_LOW
#undef EXP_LOWEST
#undef EXP_HIGHEST
#undef EXPM1_LOWEST
#undef TANH_LIMIT
#undef ERF_LIMIT
#undef EXP_TERMS
#undef LOG1P_TERMS
#undef ERF_TERMS
#undef ERFCX_COEFFICIENTS

#define REAL double
#define REAL_BYTES 8
#define BITS uint64_t
#define NAME(name) vk_##name##_d

// Elements of a vector of 64 bytes.
#define WIDTH 8

#define MANTISSA_BITS 52
#define LARGEST 0x1.fffffffffffffp1023
// Adding and subtracting this rounds to an integer.
#define ROUNDER 0x1.8p52
#define LOG2_E 1.4426950408889634074
// The upper part has 21 zero bits at its end, so that its product with an exponent is exact.
#define LN2_HIGH 0x1.62e42feep-1
#define LN2_LOW 1.9082149292705877000e-10
// Below the first exp is 0, above the second infinite; expm1 is -1 below the third.
#define EXP_LOWEST -746.0
#define EXP_HIGHEST 710.0
#define EXPM1_LOWEST -40.0
// tanh and erf are 1 from here on.
#define TANH_LIMIT 20.0
#define ERF_LIMIT 6.0

#define EXP_TERMS 12
#define LOG1P_TERMS 16
#define ERF_TERMS 18
#define ERFCX_COEFFICIENTS                                                                           \
  {                                                                                                  \
    0.2079832913334288618, 0.1543611742943691723, 0.049698445403394641352, 0.012713147695692197103,  \
    0.0024793146970781856542, 0.00033160296057641249655, 0.000019563583246137113891,                 \
    -2.4255574719050316468e-6, -5.5412744784677132391e-7, 4.5267007642487407301e-9,                  \
    1.1339538061744706644e-8, 2.6381508985080732577e-10, -2.5715114296032549869e-10,                 \
    -6.0474059459917040209e-12, 6.0857915906870914641e-12                                            \
  }
