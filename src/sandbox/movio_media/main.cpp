#include <string>

#include <malloc.h>

#include "media/engine/engine.hpp"
#include "media/engine/versions.hpp"
#include "sandbox/child/child_main.hpp"

namespace {

std::string versions() { return "movio-media " MOVIO_VERSION "\n" + movio::media::library_versions(); }

// Pictures are large and come and go all the time. Kept in the process instead of being given back to the kernel, their
// pages need not be cleared anew: about 1 % of the time of an encode. All of it goes when the process ends.
void keep_freed_memory() {
    constexpr int kPictureBytesMax = 32 << 20;  // as much as glibc lets an allocation be without a mapping of its own
    constexpr int kKeptBytes = 256 << 20;
    mallopt(M_MMAP_THRESHOLD, kPictureBytesMax);
    mallopt(M_TRIM_THRESHOLD, kKeptBytes);
}

}  // namespace

// The media process: the engine within the sandbox.
int main(int argc, char** argv) {
    keep_freed_memory();
    const movio::sandbox::Engine engine{.run_work = movio::media::run_work, .versions = versions};
    return movio::sandbox::child_main(argc, argv, engine);
}
