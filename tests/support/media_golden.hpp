#pragma once
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

// Compares with a file in tests/golden. MOVIO_GOLDEN_UPDATE=1 writes the files anew instead; look at the difference
// before it is committed.
namespace movio::test {

inline std::string read_text_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_text_file(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary);
    file << text;
    ASSERT_TRUE(file.good()) << path;
}

// `name` is "<feature>/<file>".
inline void expect_golden(const std::string& name, const std::string& text) {
    const auto path = std::filesystem::path(MOVIO_SOURCE_DIR) / "tests" / "golden" / name;
    if (std::getenv("MOVIO_GOLDEN_UPDATE") != nullptr) return write_text_file(path, text);
    ASSERT_TRUE(std::filesystem::exists(path)) << path << " is missing; MOVIO_GOLDEN_UPDATE=1 writes it";
    EXPECT_EQ(text, read_text_file(path)) << "differs from " << path;
}

}  // namespace movio::test
