/* The exact bytes of every payload. The vectors come from known_answers.py, a second
 * implementation that knows nothing of this one; test_known_answers.py derives them
 * again. */
#include "tests/model/world.h"

#include <string.h>

/* @hex: in hex; (n) stands for n zero bytes */
typedef struct {
    const char *name;
    size_t bytes;
    const char *hex;
} Vector;

static const Vector vectors[] = {
    /* clang-format off */
    /* Printed by known_answers.py. */
    { "keys/transfer 1", 16,
      "cdbc2f56671067c82d9e1f7da589b0d1" },
    { "keys/transfer 2", 16,
      "4055bc63c3ea3f8f5a05c8ddb234cdcf" },
    { "keys/transfer 4294967294", 16,
      "4a875de03f39066387ca78647774a828" },
    { "keys/update 1", 16,
      "1dbc09b833ec697d2c8c6efc8c8c553f" },
    { "keys/update 2", 16,
      "3be07f8be976cdb64c4b6519687666f9" },
    { "keys/update 4294967294", 16,
      "d099214c16307f114487a8dace9e2c2e" },
    { "keys/cipher key of update 1", 32,
      "ae28f5b205507a7f952623ff2e267bf86197dc148843e851fa2b8cb217bc7b9f" },
    { "keys/101", 64,
      "db8b067d3f0594958a2549dc129655a34212158b26a66d8399a9138b5799e45e0bc8005fd2c99854375b126b"
      "f64a7b72088c5134b20c87f17ebaa4a58d05036b" },
    { "crl/p256", 92,
      "00000000000000090000000200000000000300070000123456789abc676f6d9fb2684f26a5af2df2691de3a1"
      "8bea58f15605c0b744aed7b1308618e4aff24a2b8f790c7ecc65b60e04563d089b86f5fe26f2164afea05674"
      "9ea74203" },
    { "crl/rsa-1024", 156,
      "00000000000000090000000200000000000300070000123456789abc676f6d9fb2684f26a5af2df2691de3a1"
      "8bea58f15605c0b744aed7b1308618e4aff24a2b8f790c7ecc65b60e04563d089b86f5fe26f2164afea05674"
      "9ea74203(64)" },
    { "crl/rsa-2048", 284,
      "00000000000000090000000200000000000300070000123456789abc676f6d9fb2684f26a5af2df2691de3a1"
      "8bea58f15605c0b744aed7b1308618e4aff24a2b8f790c7ecc65b60e04563d089b86f5fe26f2164afea05674"
      "9ea74203(192)" },
    { "1/R", 16,
      "e334e9e8e8f5e16ab58229585581672c" },
    { "1/E", 76,
      "ab702551b63e6fbc7209d6b19c6cf5cc9ab3ab1fa37ca421c1555fbf19d84b4a1c805f89efdd14ec0e6aa071"
      "4f9f86bdefef168f3b0fb2082aaaf39f172a2e9e22bdb68ab6472a180c47fbbd" },
    { "1/223", 16,
      "6ca958b217c73d0e15dc9b24ee43bde7" },
    { "1/224", 16,
      "33ef75eca64081864eff3dc7d075f070" },
    { "1/225", 16,
      "511a48c0a41539e974e566ae0b1c36a7" },
    { "1/226", 16,
      "b794959e17c1f6646be16067d84c8b70" },
    { "4/R", 16,
      "e334e9e8e8f5e16ab58229585581672c" },
    { "4/E", 60,
      "ab702551b63e6fbc7209d6b19c6cf5cc9ab3ab1fa37ca421c1555fbf19d84b4a1c805f89efdd14ec0e6aa071"
      "2b244dac731256742089d01cd217c931" },
    { "4/223", 16,
      "6ca958b217c73d0e15dc9b24ee43bde7" },
    { "4/224", 16,
      "33ef75eca64081864eff3dc7d075f070" },
    { "4/225", 16,
      "511a48c0a41539e974e566ae0b1c36a7" },
    { "4/226", 16,
      "b794959e17c1f6646be16067d84c8b70" },
    { "2/p256/certificate of newer", 140,
      "00000000000200070000ffffed0a6e5babf7d87000e5e12f65d9eb6bce68dad258d753ac2ecb38324ed73a49"
      "8d85fcaebf9983a3fd088a09886ffed1b506f93a2d4768d825ee05fa07045b3dcd431b728786ae34c736a966"
      "b4b3104d2f843828c8f31eae7227657bb6923f7d47d9821c15a1b685177bb7ca659dd663af1a87aa149e3270"
      "757380bbe1cdf209" },
    { "2/p256/R", 16,
      "e334e9e8e8f5e16ab58229585581672c" },
    { "2/p256/certificate of older", 140,
      "00000000000100070000fffff3467749998d75f33fbc8956440827ea1154240daa02b918cd7a63d0613514cc"
      "1e0ca9de8513445c38b354c14e034815ba3f628b4d99b31cc3f4a7753562a04d09e3134f6957a7ba95a0ea1f"
      "b1c3d7ee06b810ca76f2989c303cb562d585d0fad8ba5e2638855002dd967cafdaac3fb615c17011e4be3fc7"
      "538dc697b1dfb503" },
    { "2/p256/E", 100,
      "aca676b2e13cc1dacf1eaca90f1ca80caa648f076c4db449f92d4e385bd3ad72d3a05b6a620e28159c5f49c3"
      "31481f3586b7199325737dd49dacb6f37a9b12f7b9cebe81(32)" },
    { "2/p256/signature", 64,
      "f2a35e7befdb4b186c4c43e4ab66018e250874387d525f57656c4ef1c8f91e8df8ce72ee576fc060b502472d"
      "218f171952572a125c3b6ccb8bcfb86792983207" },
    { "2/p256/223", 16,
      "6ca958b217c73d0e15dc9b24ee43bde7" },
    { "2/p256/224", 16,
      "33ef75eca64081864eff3dc7d075f070" },
    { "2/p256/225", 16,
      "74e566ae0b1c36a77e80fce49ce84adf" },
    { "2/p256/226", 16,
      "b3ed8a263816cc87f8fe00d30db3aa0b" },
    { "2/rsa-1024/certificate of newer", 268,
      "00000000000200070000ffffed0a6e5babf7d87000e5e12f65d9eb6bce68dad258d753ac2ecb38324ed73a49"
      "8d85fcaebf9983a3fd088a09886ffed1b506f93a2d4768d825ee05fa07045b3d(64)6c9a30afbf367c9c9ac9"
      "fcb03767a8a333cb7628163bc80bc6ed965fddacd3f39694f6dbef52f784f9e061c824f308e49c4bc862a2b8"
      "7e2fac365881b22dbf08(64)" },
    { "2/rsa-1024/R", 16,
      "e334e9e8e8f5e16ab58229585581672c" },
    { "2/rsa-1024/certificate of older", 268,
      "00000000000100070000fffff3467749998d75f33fbc8956440827ea1154240daa02b918cd7a63d0613514cc"
      "1e0ca9de8513445c38b354c14e034815ba3f628b4d99b31cc3f4a7753562a04d(64)2b2a6100632c73c96e3e"
      "0157566878961637f99857b6e87a5174ec93b75c598c7e1ed27150dbdbe1dc0fc8017b1d2cf960ef710c0492"
      "34bf08bfd8b00aeaf402(64)" },
    { "2/rsa-1024/E", 128,
      "aca676b2e13cc1dacf1eaca90f1ca80caa648f076c4db449f92d4e385bd3ad72d3a05b6a620e28159c5f49c3"
      "31481f3586b7199325737dd49dacb6f37a9b12f7b9cebe81(60)" },
    { "2/rsa-1024/signature", 128,
      "da28de8670471ab7f5308fe5d4174e08d4e3c4e43a0ad8eb88e48ff2953786a5fff79219b7bf4b3236e5d40b"
      "97d07386f16bca4f5b24d95a1667bc0dcfadf608(64)" },
    { "2/rsa-1024/223", 16,
      "6ca958b217c73d0e15dc9b24ee43bde7" },
    { "2/rsa-1024/224", 16,
      "33ef75eca64081864eff3dc7d075f070" },
    { "2/rsa-1024/225", 16,
      "74e566ae0b1c36a77e80fce49ce84adf" },
    { "2/rsa-1024/226", 16,
      "b3ed8a263816cc87f8fe00d30db3aa0b" },
    { "2/rsa-2048/certificate of newer", 524,
      "00000000000200070000ffffed0a6e5babf7d87000e5e12f65d9eb6bce68dad258d753ac2ecb38324ed73a49"
      "8d85fcaebf9983a3fd088a09886ffed1b506f93a2d4768d825ee05fa07045b3d(192)40e26c9c48bb903c5ac"
      "b1c6e6e4f8cf6cd1f288ed85b920947fc17493177bb4fe1fd5bbb7d892d77a353cb8f43d8dd4c159bf931b1d"
      "690b14afd5b7d31b297(193)" },
    { "2/rsa-2048/R", 16,
      "e334e9e8e8f5e16ab58229585581672c" },
    { "2/rsa-2048/certificate of older", 524,
      "00000000000100070000fffff3467749998d75f33fbc8956440827ea1154240daa02b918cd7a63d0613514cc"
      "1e0ca9de8513445c38b354c14e034815ba3f628b4d99b31cc3f4a7753562a04d(192)d00cf1e9b11ab7cd49b"
      "dededde0788af936e4d6b1a7dfae1776167991f7b5eb07e055ae47de88fc410cfe6f9c99b3f73d17d1ac6f28"
      "03d39d15028b6956bfe0e(192)" },
    { "2/rsa-2048/E", 256,
      "aca676b2e13cc1dacf1eaca90f1ca80caa648f076c4db449f92d4e385bd3ad72d3a05b6a620e28159c5f49c3"
      "31481f3586b7199325737dd49dacb6f37a9b12f7b9cebe81(188)" },
    { "2/rsa-2048/signature", 256,
      "a35cc869ddf7e0a599a0aa82428a9889ceb062552514dbf1b3d4f4d8a3e41dec0cef6876a3bd5f0b6c6be01e"
      "e5bd77d231d9781aa514cf5751dcfc48ba54f807(192)" },
    { "2/rsa-2048/223", 16,
      "6ca958b217c73d0e15dc9b24ee43bde7" },
    { "2/rsa-2048/224", 16,
      "33ef75eca64081864eff3dc7d075f070" },
    { "2/rsa-2048/225", 16,
      "74e566ae0b1c36a77e80fce49ce84adf" },
    { "2/rsa-2048/226", 16,
      "b3ed8a263816cc87f8fe00d30db3aa0b" },
    { "5/p256/certificate of newer", 140,
      "00000000000200070000ffffed0a6e5babf7d87000e5e12f65d9eb6bce68dad258d753ac2ecb38324ed73a49"
      "8d85fcaebf9983a3fd088a09886ffed1b506f93a2d4768d825ee05fa07045b3dcd431b728786ae34c736a966"
      "b4b3104d2f843828c8f31eae7227657bb6923f7d47d9821c15a1b685177bb7ca659dd663af1a87aa149e3270"
      "757380bbe1cdf209" },
    { "5/p256/R", 16,
      "e334e9e8e8f5e16ab58229585581672c" },
    { "5/p256/certificate of older", 140,
      "00000000000100070000fffff3467749998d75f33fbc8956440827ea1154240daa02b918cd7a63d0613514cc"
      "1e0ca9de8513445c38b354c14e034815ba3f628b4d99b31cc3f4a7753562a04d09e3134f6957a7ba95a0ea1f"
      "b1c3d7ee06b810ca76f2989c303cb562d585d0fad8ba5e2638855002dd967cafdaac3fb615c17011e4be3fc7"
      "538dc697b1dfb503" },
    { "5/p256/E", 120,
      "aca676b2e13cc1dacf1eaca90f1ca80caa648f076c4db449f92d4e385bd3ad72d3a05b6b0a4c8a0d382b7776"
      "45903bab2d19cc25dcb25275dea0a946553df24a04a12fa894fe3d579e2ab8d5667dcc90a1758c2a9c90bf9c"
      "(32)" },
    { "5/p256/signature", 64,
      "ce07b841015208aea5cc6a673f2b3d79df73ee55078099f55525a6df973171f220b1af509c95cc29da0961a6"
      "26c0e00f2890dffed5f5d3d6ac807f4d3797950e" },
    { "5/p256/223", 16,
      "6ca958b217c73d0e15dc9b24ee43bde7" },
    { "5/p256/224", 16,
      "33ef75eca64081864eff3dc7d075f070" },
    { "5/p256/225", 16,
      "74e566ae0b1c36a77e80fce49ce84adf" },
    { "5/p256/226", 16,
      "b3ed8a263816cc87f8fe00d30db3aa0b" },
    { "5/rsa-1024/certificate of newer", 268,
      "00000000000200070000ffffed0a6e5babf7d87000e5e12f65d9eb6bce68dad258d753ac2ecb38324ed73a49"
      "8d85fcaebf9983a3fd088a09886ffed1b506f93a2d4768d825ee05fa07045b3d(64)6c9a30afbf367c9c9ac9"
      "fcb03767a8a333cb7628163bc80bc6ed965fddacd3f39694f6dbef52f784f9e061c824f308e49c4bc862a2b8"
      "7e2fac365881b22dbf08(64)" },
    { "5/rsa-1024/R", 16,
      "e334e9e8e8f5e16ab58229585581672c" },
    { "5/rsa-1024/certificate of older", 268,
      "00000000000100070000fffff3467749998d75f33fbc8956440827ea1154240daa02b918cd7a63d0613514cc"
      "1e0ca9de8513445c38b354c14e034815ba3f628b4d99b31cc3f4a7753562a04d(64)2b2a6100632c73c96e3e"
      "0157566878961637f99857b6e87a5174ec93b75c598c7e1ed27150dbdbe1dc0fc8017b1d2cf960ef710c0492"
      "34bf08bfd8b00aeaf402(64)" },
    { "5/rsa-1024/E", 128,
      "aca676b2e13cc1dacf1eaca90f1ca80caa648f076c4db449f92d4e385bd3ad72d3a05b6b0a4c8a0d382b7776"
      "45903bab2d19cc25dcb25275dea0a946553df24a04a12fa894fe3d579e2ab8d5667dcc90a1758c2a9c90bf9c"
      "(40)" },
    { "5/rsa-1024/signature", 128,
      "881f9ad58046a186bae21fa20bf07fb1a89eb8c8f7698c327cd59e0eb1c03b6169553d320069ad6189a9c08f"
      "19af6b21364a1213a8891a93120ac0112923990f(64)" },
    { "5/rsa-1024/223", 16,
      "6ca958b217c73d0e15dc9b24ee43bde7" },
    { "5/rsa-1024/224", 16,
      "33ef75eca64081864eff3dc7d075f070" },
    { "5/rsa-1024/225", 16,
      "74e566ae0b1c36a77e80fce49ce84adf" },
    { "5/rsa-1024/226", 16,
      "b3ed8a263816cc87f8fe00d30db3aa0b" },
    { "5/rsa-2048/certificate of newer", 524,
      "00000000000200070000ffffed0a6e5babf7d87000e5e12f65d9eb6bce68dad258d753ac2ecb38324ed73a49"
      "8d85fcaebf9983a3fd088a09886ffed1b506f93a2d4768d825ee05fa07045b3d(192)40e26c9c48bb903c5ac"
      "b1c6e6e4f8cf6cd1f288ed85b920947fc17493177bb4fe1fd5bbb7d892d77a353cb8f43d8dd4c159bf931b1d"
      "690b14afd5b7d31b297(193)" },
    { "5/rsa-2048/R", 16,
      "e334e9e8e8f5e16ab58229585581672c" },
    { "5/rsa-2048/certificate of older", 524,
      "00000000000100070000fffff3467749998d75f33fbc8956440827ea1154240daa02b918cd7a63d0613514cc"
      "1e0ca9de8513445c38b354c14e034815ba3f628b4d99b31cc3f4a7753562a04d(192)d00cf1e9b11ab7cd49b"
      "dededde0788af936e4d6b1a7dfae1776167991f7b5eb07e055ae47de88fc410cfe6f9c99b3f73d17d1ac6f28"
      "03d39d15028b6956bfe0e(192)" },
    { "5/rsa-2048/E", 256,
      "aca676b2e13cc1dacf1eaca90f1ca80caa648f076c4db449f92d4e385bd3ad72d3a05b6b0a4c8a0d382b7776"
      "45903bab2d19cc25dcb25275dea0a946553df24a04a12fa894fe3d579e2ab8d5667dcc90a1758c2a9c90bf9c"
      "(168)" },
    { "5/rsa-2048/signature", 256,
      "0a067cde77ee4c47eabdcf19ddc9b370db3b10c7a9dba6e1aa98a13910f0c0b9028037d83c89aaf7db61a17a"
      "21bcb94c5d18481082f73e1f126561810de8400d(192)" },
    { "5/rsa-2048/223", 16,
      "6ca958b217c73d0e15dc9b24ee43bde7" },
    { "5/rsa-2048/224", 16,
      "33ef75eca64081864eff3dc7d075f070" },
    { "5/rsa-2048/225", 16,
      "74e566ae0b1c36a77e80fce49ce84adf" },
    { "5/rsa-2048/226", 16,
      "b3ed8a263816cc87f8fe00d30db3aa0b" },
    { "4-public-key/p256/certificate of newer", 140,
      "00000000000200070000ffffed0a6e5babf7d87000e5e12f65d9eb6bce68dad258d753ac2ecb38324ed73a49"
      "8d85fcaebf9983a3fd088a09886ffed1b506f93a2d4768d825ee05fa07045b3dcd431b728786ae34c736a966"
      "b4b3104d2f843828c8f31eae7227657bb6923f7d47d9821c15a1b685177bb7ca659dd663af1a87aa149e3270"
      "757380bbe1cdf209" },
    { "4-public-key/p256/R", 16,
      "e334e9e8e8f5e16ab58229585581672c" },
    { "4-public-key/p256/certificate of older", 140,
      "00000000000100070000fffff3467749998d75f33fbc8956440827ea1154240daa02b918cd7a63d0613514cc"
      "1e0ca9de8513445c38b354c14e034815ba3f628b4d99b31cc3f4a7753562a04d09e3134f6957a7ba95a0ea1f"
      "b1c3d7ee06b810ca76f2989c303cb562d585d0fad8ba5e2638855002dd967cafdaac3fb615c17011e4be3fc7"
      "538dc697b1dfb503" },
    { "4-public-key/p256/E", 84,
      "aca676b2e13cc1dacf1eaca90f1ca80caa648f076c4db449f92d4e385bd3ad72d3a05b6a4bb7cea7806c5b36"
      "b460344523166320(32)" },
    { "4-public-key/p256/signature", 64,
      "59247a6f087faaa9f72785288b7610593b628fa2ccf1e3692f924edf2ecf67ed795d7f78608106eb2a30e678"
      "ba9a58e13abe02954b5e2a3da85cdf084f81cb08" },
    { "4-public-key/p256/223", 16,
      "6ca958b217c73d0e15dc9b24ee43bde7" },
    { "4-public-key/p256/224", 16,
      "33ef75eca64081864eff3dc7d075f070" },
    { "4-public-key/p256/225", 16,
      "74e566ae0b1c36a77e80fce49ce84adf" },
    { "4-public-key/p256/226", 16,
      "b3ed8a263816cc87f8fe00d30db3aa0b" },
    { "4-public-key/rsa-1024/certificate of newer", 268,
      "00000000000200070000ffffed0a6e5babf7d87000e5e12f65d9eb6bce68dad258d753ac2ecb38324ed73a49"
      "8d85fcaebf9983a3fd088a09886ffed1b506f93a2d4768d825ee05fa07045b3d(64)6c9a30afbf367c9c9ac9"
      "fcb03767a8a333cb7628163bc80bc6ed965fddacd3f39694f6dbef52f784f9e061c824f308e49c4bc862a2b8"
      "7e2fac365881b22dbf08(64)" },
    { "4-public-key/rsa-1024/R", 16,
      "e334e9e8e8f5e16ab58229585581672c" },
    { "4-public-key/rsa-1024/certificate of older", 268,
      "00000000000100070000fffff3467749998d75f33fbc8956440827ea1154240daa02b918cd7a63d0613514cc"
      "1e0ca9de8513445c38b354c14e034815ba3f628b4d99b31cc3f4a7753562a04d(64)2b2a6100632c73c96e3e"
      "0157566878961637f99857b6e87a5174ec93b75c598c7e1ed27150dbdbe1dc0fc8017b1d2cf960ef710c0492"
      "34bf08bfd8b00aeaf402(64)" },
    { "4-public-key/rsa-1024/E", 128,
      "aca676b2e13cc1dacf1eaca90f1ca80caa648f076c4db449f92d4e385bd3ad72d3a05b6a4bb7cea7806c5b36"
      "b460344523166320(76)" },
    { "4-public-key/rsa-1024/signature", 128,
      "7d5047aae3787ac81778a7c509949fd05925e12f8a09e327070c148a018411b7b47b9e48428b1a456fc72acd"
      "bcd26312a662530d4b1b82883a7a42623df8ae04(64)" },
    { "4-public-key/rsa-1024/223", 16,
      "6ca958b217c73d0e15dc9b24ee43bde7" },
    { "4-public-key/rsa-1024/224", 16,
      "33ef75eca64081864eff3dc7d075f070" },
    { "4-public-key/rsa-1024/225", 16,
      "74e566ae0b1c36a77e80fce49ce84adf" },
    { "4-public-key/rsa-1024/226", 16,
      "b3ed8a263816cc87f8fe00d30db3aa0b" },
    { "4-public-key/rsa-2048/certificate of newer", 524,
      "00000000000200070000ffffed0a6e5babf7d87000e5e12f65d9eb6bce68dad258d753ac2ecb38324ed73a49"
      "8d85fcaebf9983a3fd088a09886ffed1b506f93a2d4768d825ee05fa07045b3d(192)40e26c9c48bb903c5ac"
      "b1c6e6e4f8cf6cd1f288ed85b920947fc17493177bb4fe1fd5bbb7d892d77a353cb8f43d8dd4c159bf931b1d"
      "690b14afd5b7d31b297(193)" },
    { "4-public-key/rsa-2048/R", 16,
      "e334e9e8e8f5e16ab58229585581672c" },
    { "4-public-key/rsa-2048/certificate of older", 524,
      "00000000000100070000fffff3467749998d75f33fbc8956440827ea1154240daa02b918cd7a63d0613514cc"
      "1e0ca9de8513445c38b354c14e034815ba3f628b4d99b31cc3f4a7753562a04d(192)d00cf1e9b11ab7cd49b"
      "dededde0788af936e4d6b1a7dfae1776167991f7b5eb07e055ae47de88fc410cfe6f9c99b3f73d17d1ac6f28"
      "03d39d15028b6956bfe0e(192)" },
    { "4-public-key/rsa-2048/E", 256,
      "aca676b2e13cc1dacf1eaca90f1ca80caa648f076c4db449f92d4e385bd3ad72d3a05b6a4bb7cea7806c5b36"
      "b460344523166320(204)" },
    { "4-public-key/rsa-2048/signature", 256,
      "65a16bb8530f9601e6de2e313dc0c959cc75b11089b505198c85f3b252e23b566a665d7575ddf18514cbe891"
      "1a0d9f1c7b1494e7f13819bdb08583f28ddebb08(192)" },
    { "4-public-key/rsa-2048/223", 16,
      "6ca958b217c73d0e15dc9b24ee43bde7" },
    { "4-public-key/rsa-2048/224", 16,
      "33ef75eca64081864eff3dc7d075f070" },
    { "4-public-key/rsa-2048/225", 16,
      "74e566ae0b1c36a77e80fce49ce84adf" },
    { "4-public-key/rsa-2048/226", 16,
      "b3ed8a263816cc87f8fe00d30db3aa0b" },
    { "fig4-mac/spec/223", 16,
      "e334e9e8e8f5e16ab58229585581672c" },
    { "fig4-mac/spec/224", 16,
      "07101da9f5e1403db9e5389217417d8a" },
    { "fig4-mac/spec/225", 16,
      "ab702551b63e6fbc7209d6b19c6cf5cc" },
    { "fig4-mac/spec/226", 16,
      "180c3834836a012551d431e61fecbcb5" },
    { "fig4-mac/direction-tag/223", 16,
      "e334e9e8e8f5e16ab58229585581672c" },
    { "fig4-mac/direction-tag/224", 16,
      "d65a1d4ff49885a7686556f4b27d89c5" },
    { "fig4-mac/direction-tag/225", 16,
      "ab702551b63e6fbc7209d6b19c6cf5cc" },
    { "fig4-mac/direction-tag/226", 16,
      "fc7a8c29808d32b6cad1f33a52fc9bae" },
    { "fig4-mac/direction-and-cards/223", 16,
      "e334e9e8e8f5e16ab58229585581672c" },
    { "fig4-mac/direction-and-cards/224", 16,
      "84432d8ee5446e0b1bb3418ffa858e35" },
    { "fig4-mac/direction-and-cards/225", 16,
      "ab702551b63e6fbc7209d6b19c6cf5cc" },
    { "fig4-mac/direction-and-cards/226", 16,
      "03df46af8ad99a892793702ac113aca3" },
    /* End of what it printed. */
    /* clang-format on */
};

/* Each vector is asked for once at least. */
static bool asked[G_N_ELEMENTS(vectors)];

static size_t
decode(const char *hex, uint8_t *out)
{
    size_t n = 0;

    while (*hex != '\0') {
        if (*hex == '(') {
            char *end;
            size_t run = (size_t)g_ascii_strtoull(hex + 1, &end, 10);

            memset(out + n, 0, run);
            n += run;
            hex = end + 1;
        } else {
            out[n++] = (uint8_t)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
            hex += 2;
        }
    }
    return n;
}

static void
assert_known(const char *prefix, const char *name, const uint8_t *bytes, size_t n)
{
    g_autofree char *wanted = g_strdup_printf("%s/%s", prefix, name);

    for (guint i = 0; i < G_N_ELEMENTS(vectors); i++)
        if (g_str_equal(vectors[i].name, wanted)) {
            uint8_t expected[APDU_BYTES_MAX];

            g_assert_cmpuint(decode(vectors[i].hex, expected), ==, vectors[i].bytes);
            g_assert_cmpuint(n, ==, vectors[i].bytes);
            assert_same_bytes(bytes, expected, n);
            asked[i] = true;
            return;
        }
    g_error("no vector %s", wanted);
}

static void
assert_known_key(const KeyRing *ring, KeyHandle handle, const char *name)
{
    assert_known("keys", name, keyring_pair(ring, handle)->key, KEYRING_KEY_BYTES);
}

static void
keys_are_known(void)
{
    Scheme scheme = fixture_scheme("5");
    const KeyPair *pair;
    World world;

    world_init(&world, &scheme);
    assert_known_key(world.ring, keyring_issue(world.ring, KEY_TRANSFER, 1), "transfer 1");
    assert_known_key(world.ring, keyring_issue(world.ring, KEY_TRANSFER, 2), "transfer 2");
    assert_known_key(world.ring, keyring_issue(world.ring, KEY_TRANSFER, 0xFFFFFFFE),
                     "transfer 4294967294");
    assert_known_key(world.ring, keyring_issue(world.ring, KEY_UPDATE, 1), "update 1");
    assert_known_key(world.ring, keyring_issue(world.ring, KEY_UPDATE, 2), "update 2");
    assert_known_key(world.ring, keyring_issue(world.ring, KEY_UPDATE, 0xFFFFFFFE),
                     "update 4294967294");
    pair = keyring_pair(world.ring, keyring_issue(world.ring, KEY_UPDATE, 1));
    assert_known("keys", "cipher key of update 1", pair->cipher_key, sizeof pair->cipher_key);
    assert_known("keys", "101", world.authority.public_key, SEAL_PUBLIC_KEY_BYTES);
    world_clear(&world);
}

static void
revocation_lists_are_known(void)
{
    guint64 entries[] = { certificate_serial(3, 7), 0x123456789ABC };

    for (SuiteId suite = 0; suite < N_SUITES; suite++) {
        g_autoptr(GArray) serials = g_array_new(FALSE, FALSE, sizeof(guint64));
        g_autoptr(GBytes) list = NULL;
        Scheme scheme = fixture_scheme("2");
        World world;
        gsize n;
        const uint8_t *bytes;

        scheme.suite = suite;
        world_init(&world, &scheme);
        g_array_append_vals(serials, entries, G_N_ELEMENTS(entries));
        list = authority_sign_crl(&world.authority, 9, serials);
        bytes = g_bytes_get_data(list, &n);
        assert_known("crl", suites[suite].name, bytes, n);
        world_clear(&world);
    }
}

/* ---- Settlements ------------------------------------------------------- */

typedef struct {
    const char *name; /* of the vectors */
    const char *embodiment;
    SuiteId suite;
    SchemeFig4Mac fig4_mac;
    uint32_t update_keys[2]; /* of the older and the newer card */
    uint32_t older;          /* transfer-key ID */
} Row;

static const Row rows[] = {
    /* clang-format off */
    { "1", "1", SUITE_P256, FIG4_MAC_SPEC, { 3, 3 }, 2 },
    { "4", "4", SUITE_P256, FIG4_MAC_SPEC, { 3, 3 }, 2 },
    { "2/p256", "2", SUITE_P256, FIG4_MAC_SPEC, { 1, 1 }, 2 },
    { "2/rsa-1024", "2", SUITE_RSA_1024, FIG4_MAC_SPEC, { 1, 1 }, 2 },
    { "2/rsa-2048", "2", SUITE_RSA_2048, FIG4_MAC_SPEC, { 1, 1 }, 2 },
    { "5/p256", "5", SUITE_P256, FIG4_MAC_SPEC, { 3, 4 }, 2 },
    { "5/rsa-1024", "5", SUITE_RSA_1024, FIG4_MAC_SPEC, { 3, 4 }, 2 },
    { "5/rsa-2048", "5", SUITE_RSA_2048, FIG4_MAC_SPEC, { 3, 4 }, 2 },
    { "4-public-key/p256", "4-public-key", SUITE_P256, FIG4_MAC_SPEC, { 1, 1 }, 2 },
    { "4-public-key/rsa-1024", "4-public-key", SUITE_RSA_1024, FIG4_MAC_SPEC, { 1, 1 }, 2 },
    { "4-public-key/rsa-2048", "4-public-key", SUITE_RSA_2048, FIG4_MAC_SPEC, { 1, 1 }, 2 },
    { "fig4-mac/spec", "1", SUITE_P256, FIG4_MAC_SPEC, { 1, 1 }, 5 },
    { "fig4-mac/direction-tag", "1", SUITE_P256, FIG4_MAC_DIRECTION_TAG, { 1, 1 }, 5 },
    { "fig4-mac/direction-and-cards", "1", SUITE_P256, FIG4_MAC_DIRECTION_AND_CARDS, { 1, 1 }, 5 },
    /* clang-format on */
};

typedef struct {
    const char *name;
    Exchange exchange;
    bool response;
    Field field;
} Payload;

static const Payload update_payloads[] = {
    { "certificate of newer", EXCHANGE_PERMISSION, false, FIELD_CERTIFICATE },
    { "R", EXCHANGE_PERMISSION, true, FIELD_UPDATE_RANDOM },
    { "certificate of older", EXCHANGE_OBTAINING, false, FIELD_CERTIFICATE },
    { "R", EXCHANGE_OBTAINING, false, FIELD_UPDATE_RANDOM },
    { "E", EXCHANGE_OBTAINING, true, FIELD_PROTECTED_KEY },
    { "signature", EXCHANGE_OBTAINING, true, FIELD_SIGNATURE },
    { "E", EXCHANGE_UPDATE, false, FIELD_PROTECTED_KEY },
    { "signature", EXCHANGE_UPDATE, false, FIELD_SIGNATURE },
};

static const Payload value_payloads[] = {
    { "223", EXCHANGE_S2001, true, FIELD_TRANSMISSION_RANDOM },
    { "224", EXCHANGE_S2002, true, FIELD_TRANSMISSION_CHALLENGE },
    { "225", EXCHANGE_S2002, true, FIELD_RECEPTION_RANDOM },
    { "226", EXCHANGE_S2003, true, FIELD_RECEPTION_CHALLENGE },
};

static bool
is_of_public_key(Field field)
{
    return field == FIELD_CERTIFICATE || field == FIELD_SIGNATURE;
}

static void
assert_known_payloads(const World *world, const char *row, const Payload *payloads, guint n)
{
    Path path = world->course.seen.path;

    for (guint i = 0; i < n; i++) {
        const Payload *payload = &payloads[i];
        const ExchangePlan *plan = &world->protocol.plan[path][payload->exchange];
        const Passed *passed = world_passed(world, payload->exchange, SIDE_PAYER);
        const Slot *slot;

        if (is_of_public_key(payload->field) && path != PATH_PUBLIC_KEY)
            continue;
        if (passed == NULL)
            passed = world_passed(world, payload->exchange, SIDE_PAYEE);
        slot = fixture_slot(payload->response ? &plan->response : &plan->command, payload->field);
        assert_known(row, payload->name,
                     (payload->response ? passed->response : passed->command) + slot->at,
                     slot->bytes);
    }
}

static void
payloads_are_known(gconstpointer data)
{
    const Row *row = data;
    Scheme scheme = fixture_scheme(row->embodiment);
    World world;
    Purse older;
    Purse newer;

    scheme.suite = row->suite;
    scheme.fig4_mac = row->fig4_mac;
    world_init(&world, &scheme);
    older = world_purse(&world, &(PurseSpec){ .transfer_key = row->older,
                                              .update_key = row->update_keys[0],
                                              .n_preloaded = 1,
                                              .preloaded = { 5 },
                                              .balance = 1000 });
    newer =
        world_purse(&world, &(PurseSpec){ .transfer_key = 5, .update_key = row->update_keys[1] });
    g_assert_true(outcome_is_paid(world_settle(&world, &older, &newer, 300).outcome));
    if (row->older != 5)
        assert_known_payloads(&world, row->name, update_payloads, G_N_ELEMENTS(update_payloads));
    assert_known_payloads(&world, row->name, value_payloads, G_N_ELEMENTS(value_payloads));
    world_clear(&world);
}

static void
no_vector_is_left_over(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(vectors); i++)
        if (!asked[i])
            g_error("nobody asked for %s", vectors[i].name);
}

int
main(int argc, char **argv)
{
    fixture_init(&argc, &argv);
    g_test_add_func("/known-answers/keys", keys_are_known);
    g_test_add_func("/known-answers/revocation-lists", revocation_lists_are_known);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strdup_printf("/known-answers/payloads/%s", rows[i].name);

        g_test_add_data_func(path, &rows[i], payloads_are_known);
    }
    g_test_add_func("/known-answers/vectors/none-is-left-over", no_vector_is_left_over);
    return g_test_run();
}
