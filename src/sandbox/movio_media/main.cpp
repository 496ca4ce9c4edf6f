#include <string>

#include "media/engine/engine.hpp"
#include "media/engine/versions.hpp"
#include "sandbox/child/child_main.hpp"

namespace {

std::string versions() { return "movio-media " MOVIO_VERSION "\n" + movio::media::library_versions(); }

}  // namespace

// The media process: the engine within the sandbox.
int main(int argc, char** argv) {
    const movio::sandbox::Engine engine{.run_work = movio::media::run_work, .versions = versions};
    return movio::sandbox::child_main(argc, argv, engine);
}
