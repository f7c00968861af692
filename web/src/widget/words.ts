import { languageOf } from "./call";

const chinese = {
  "Why this?": "为什么推荐？",
  "Because of:": "依据：",
  "It was a gift": "这是礼物",
  "Not interested": "不感兴趣",
  "Close": "关闭",
  "How we recommend": "推荐是如何产生的",
  "Noted. It will not be offered to you again.": "已记录。不会再向您推荐。",
  "Noted. It no longer counts for you.": "已记录。不再影响您的推荐。",
  "Undo": "撤销",
  "That did not work. Please try again.": "操作失败，请重试。",
  "Personal recommendations": "个性化推荐",
  "What you bought": "您买过的商品",
  "What you looked at": "您看过的商品",
  "What you rated low": "您评价较低的商品",
  "A gift for somebody else": "送给他人的礼物",
  "What you are not interested in": "您不感兴趣的商品",
  "Offer it again": "重新推荐",
  "Nothing yet.": "暂无。",
  "Your purchases are not used to choose products for you.": "不会使用您的购买记录为您挑选商品。",
} as const;

export type Text = keyof typeof chinese;

export const text = (element: Element, english: Text): string => (languageOf(element).startsWith("zh") ? chinese[english] : english);
