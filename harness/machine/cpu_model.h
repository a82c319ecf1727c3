/* cpu_model.h - the name of the machine's CPU. */
#ifndef HARNESS_MACHINE_CPU_MODEL_H
#define HARNESS_MACHINE_CPU_MODEL_H

enum { CPU_MODEL_SIZE = 256 };

/* The model as /proc/cpuinfo names it, "model name" on x86. arm64 has none: there the
 * board from the device tree and the parts that cpuinfo numbers, each once, such as
 * "Raspberry Pi 4 Model B Rev 1.4 (CPU implementer 0x41 part 0xd08)". "" when the kernel
 * says neither. `root` is put in front of /proc and /sys: "" for this machine, a
 * directory of synthetic files in tests. Returns `text`. */
const char *cpu_model(const char *root, char text[CPU_MODEL_SIZE]);

#endif
