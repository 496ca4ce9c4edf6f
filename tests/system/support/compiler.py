"""Small C programs that stand in for something."""

import shutil
import subprocess


def compile_c(source, output, *flags):
    compiler = next((name for name in ("cc", "clang-19", "clang", "gcc") if shutil.which(name)), None)
    assert compiler, "a C compiler is needed"
    subprocess.run([compiler, "-O2", "-Wall", "-Wextra", "-Werror", source, "-o", output, *flags], check=True)
    return output
