#include <gtest/gtest.h>
#include "base/bytes.hpp"
#include "unit/media/engine/support.hpp"
namespace movio::media::test {
TEST(Dump, all) {
    for (const auto& entry : std::filesystem::directory_iterator("/work/shared/media")) {
        auto source = MemorySource::of_file(entry.path());
        auto index = index_of(source);
        std::string json = index ? to_json(*index) : std::string(to_text(index.error().code)) + ": " + index.error().message + " / " + index.error().detail;
        auto at = json.find("\"keyframes\":[[");
        printf("%s\n%s\n\n", entry.path().filename().c_str(), json.c_str());
        (void)at;
    }
}
}
