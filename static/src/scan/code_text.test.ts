import { describe, expect, it } from "vitest";
import { ourCode, ourTypedCode } from "./code_text.js";

const HOME = { host: "ryadom.example.ru", protocol: "https:" };
const CODE = "HTTPS://RYADOM.EXAMPLE.RU/Q#AMFRGGZDFMZTWQ2LK";

describe("our code", () => {
  it.each([CODE, CODE.toLowerCase(), ` ${CODE}\n`, "https://ryadom.example.ru/Q#AMFRGGZDFMZTWQ2LK"])("is taken however it is written: %s", (text) => {
    expect(ourCode(text, HOME)).toBe(CODE);
  });

  it.each([
    "", "4601234567890", "https://evil.example/Q#AMFRGG", "http://ryadom.example.ru/Q#AMFRGG", "https://ryadom.example.ru.evil.example/Q#AMFRGG",
    "https://ryadom.example.ru@evil.example/Q#AMFRGG", "https://ryadom.example.ru:8443/Q#AMFRGG", "https://ryadom.example.ru/q?x#AMFRGG",
    "https://ryadom.example.ru/qq#AMFRGG", "https://ryadom.example.ru/Q#", "https://ryadom.example.ru/Q#A", "https://ryadom.example.ru/Q#A0189", "https://ryadom.example.ru/Q#AMF RGG",
    "https://ryadom.example.ru/Q#AMFRGG&x=1", "javascript:alert(1)", `${CODE}${"A".repeat(1000)}`, "https://ryаdom.example.ru/Q#AMFRGG", // a Cyrillic а
  ])("is not: %s", (text) => {
    expect(ourCode(text, HOME)).toBeNull();
  });

  it("may be plain http where the page is, with the port", () => {
    const home = { host: "127.0.0.1:8080", protocol: "http:" };
    expect(ourCode("HTTP://127.0.0.1:8080/Q#AMFRGG", home)).toBe("HTTP://127.0.0.1:8080/Q#AMFRGG");
    expect(ourCode("HTTPS://127.0.0.1:8080/Q#AMFRGG", home)).toBe("HTTPS://127.0.0.1:8080/Q#AMFRGG");
    expect(ourCode("HTTP://127.0.0.1/Q#AMFRGG", home)).toBeNull();
  });
});

describe("a typed code", () => {
  it("is found behind the wrong layout", () => {
    expect(ourTypedCode(["РЕЕЗЫЖ..КНФВЩЬЮУЧФЬЗДУЮКГ.Й№ФЬАКППЯВАЬЯЕЦЙ2ДЛ"], HOME)).toBe(CODE);
  });

  it("is found in the keys when the signs say nothing", () => {
    expect(ourTypedCode(["ħŧŧþß://…", "https://ryadom.example.ru/q#amfrggzdfmztwq2lk"], HOME)).toBe(CODE);
  });

  it("is not made of a foreign one", () => {
    expect(ourTypedCode(["РЕЕЗЫЖ..УМШД.Й№ФЬАКП", "4601234567890"], HOME)).toBeNull();
  });
});
