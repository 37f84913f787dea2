import { describe, expect, it } from 'vitest';
import { added, capital, decimals, fromMinor, grouped, minor, parseAmount } from './amount';

describe('amounts as they are typed', () => {
  it.each([
    ['1,234.5', '1234.50'],
    ['１２３４．５', '1234.50'],
    ['￥ 1，000', '1000.00'],
    ['.5', '0.50'],
    ['007', '7.00'],
    ['1.5万', '15000.00'],
    ['0.00012亿', '12000.00'],
    ['-3', '-3.00'],
    ['-0', '0.00'],
    ['9007199254740993.01', '9007199254740993.01'],
  ])('%s is %s', (typed, amount) => expect(parseAmount(typed, 2)).toBe(amount));

  it.each(['', '.', 'abc', '1.234', '1..2', '1-2', '0.0000001万'])('%s is none', (typed) =>
    expect(parseAmount(typed, 2)).toBeNull(),
  );

  it('has as many decimals as its unit', () => {
    expect(parseAmount('12', 0)).toBe('12');
    expect(parseAmount('12.5', 0)).toBeNull();
    expect(parseAmount('12.5', 3)).toBe('12.500');
  });

  it('is grouped for reading', () => {
    expect(grouped('1234567.50')).toBe('1,234,567.50');
    expect(grouped('-1234')).toBe('-1,234');
    expect(grouped('999.99')).toBe('999.99');
  });

  it('counts in the smallest part', () => {
    expect(minor('1,234.5', 2)).toBe(123450n);
    expect(fromMinor(-5n, 2)).toBe('-0.05');
    expect(fromMinor(123450n, 2)).toBe('1234.50');
    expect(fromMinor(7n, 0)).toBe('7');
  });
});

describe('amounts of one unit', () => {
  it('have the decimals of their unit, and so has their sum', () => {
    expect(decimals('1200')).toBe(0);
    expect(decimals('1.250')).toBe(3);
    expect(added(['1200', '34'])).toBe('1234');
    expect(added(['1.250', '-0.251'])).toBe('0.999');
    expect(added(['9007199254740993.01', '0.02'])).toBe('9007199254740993.03');
    expect(added([])).toBe('0');
  });
});

describe('capital amounts', () => {
  // The first four are the examples of the rules on filling in payment instruments.
  it.each([
    ['1409.50', '壹仟肆佰零玖元伍角整'],
    ['6007.14', '陆仟零柒元壹角肆分'],
    ['16409.02', '壹万陆仟肆佰零玖元零贰分'],
    ['325.04', '叁佰贰拾伍元零肆分'],
    ['107000.53', '壹拾万零柒仟元伍角叁分'],
    ['0', '零元整'],
    ['0.05', '伍分'],
    ['0.50', '伍角整'],
    ['10', '壹拾元整'],
    ['100000000', '壹亿元整'],
    ['100000001.00', '壹亿零壹元整'],
    ['1000100000000', '壹万零壹亿元整'],
    ['1000000000000', '壹万亿元整'],
    ['20040', '贰万零肆拾元整'],
    ['-12.30', '负壹拾贰元叁角整'],
  ])('%s is %s', (amount, text) => expect(capital(amount)).toBe(text));

  it('says nothing of what is no amount', () => {
    expect(capital('x')).toBe('');
    expect(capital('1'.repeat(17))).toBe('');
  });
});
