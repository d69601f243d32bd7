// What the templates need to know of `float`. See constants_double.h for the meanings.
#define REAL float
#define REAL_BYTES 4
#define BITS uint32_t
#define NAME(name) vk_##name##_f

#define WIDTH 16

#define MANTISSA_BITS 23
#define LARGEST 0x1.fffffep127f
#define ROUNDER 0x1.8p23f
#define LOG2_E 1.44269504f
#define LN2_HIGH 0.693359375f
#define LN2_LOW -2.12194440e-4f
#define EXP_LOWEST -104.0f
#define EXP_HIGHEST 89.0f
#define EXPM1_LOWEST -20.0f
#define TANH_LIMIT 10.0f
#define ERF_LIMIT 4.0f

#define EXP_TERMS 6
#define LOG1P_TERMS 8
#define ERF_TERMS 10
#define ERFCX_COEFFICIENTS                                                                           \
  {                                                                                                  \
    0.2079832955f, 0.1543611743f, 0.04969831228f, 0.01271314895f, 0.002479982579f, 0.0003315967264f,  \
    1.848569797e-5f, -2.415798233e-6f                                                                \
  }
