#pragma once
#include <string>

#include "media/format/artefact.hpp"
#include "media/format/byte_source.hpp"
#include "media/format/work.hpp"

namespace movio::sandbox {

// What the media process runs; given from outside, so that tests run the same shell around an engine of their own.
struct Engine {
    // Runs sandboxed, so it can open nothing. `source` is nullptr where the order has none.
    media::MediaResult<void> (*run_work)(const media::WorkOrder& order, media::ByteSource* source,
                                         media::ArtefactSink& sink) = nullptr;
    // For --version: one line for each library.
    std::string (*versions)() = nullptr;
};

// The whole of a media process: --version and --help for people, else one order from descriptor 3. Ends the process
// itself once it has an order; the value returned is the exit code of everything before that.
int child_main(int argc, char** argv, const Engine& engine);

}  // namespace movio::sandbox
